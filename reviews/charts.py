"""Rows to Plotly figures: plain dictionaries, no state. Colours come from the page, so light and dark both read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reviews.evidence import Evidence
from training.models import LossPoint

AXIS = {"automargin": True, "fixedrange": True}


def figure(data: list[dict[str, Any]], **layout: Any) -> dict[str, Any]:
    base = {"margin": {"l": 50, "r": 20, "t": 20, "b": 40}, "xaxis": AXIS, "legend": {"orientation": "h", "y": 1.15}}
    return {"data": data, "layout": {**base, **layout}}


def alignment(rows: list[Evidence], target: float) -> dict[str, Any]:
    """Brand alignment per version, in %, with 95 % intervals and the target line."""
    shown = [row for row in rows if row.alignment is not None]
    values = [100 * (row.alignment or 0) for row in shown]
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "markers+lines",
            "x": [row.label for row in shown],
            "y": values,
            "text": [f"n = {row.scored}" for row in shown],
            "name": "Brand alignment, %",
            "marker": {"size": 11},
            "error_y": {
                "type": "data",
                "symmetric": False,
                "array": [100 * row.interval[1] - value for row, value in zip(shown, values, strict=True)],
                "arrayminus": [value - 100 * row.interval[0] for row, value in zip(shown, values, strict=True)],
            },
        },
        {
            "type": "scatter",
            "mode": "lines",
            "x": [row.label for row in shown],
            "y": [100 * target] * len(shown),
            "name": f"Target {target:.0%}",
            "line": {"dash": "dash"},
        },
    ]
    return figure(data, yaxis={**AXIS, "range": [0, 105], "ticksuffix": " %"})


def criteria(rows: list[Evidence]) -> dict[str, Any]:
    """Mean accuracy, creativity and overall per version, 1-5."""
    shown = [row for row in rows if row.criteria]
    return figure(
        [
            {
                "type": "bar",
                "x": [row.label for row in shown],
                "y": [row.criteria[name] for row in shown],
                "name": name.capitalize(),
            }
            for name in ("accuracy", "creativity", "overall")
        ],
        barmode="group",
        yaxis={**AXIS, "range": [1, 5]},
    )


def overlap(rows: list[Evidence]) -> dict[str, Any]:
    """ROUGE-1/2/L and BLEU per version, all on 0-100, with bootstrap intervals."""
    shown = [row for row in rows if row.measured]
    data = []
    for name, label, scale in (
        ("rouge1", "ROUGE-1", 100),
        ("rouge2", "ROUGE-2", 100),
        ("rougeL", "ROUGE-L", 100),
        ("bleu", "BLEU", 1),
    ):
        with_it = [row for row in shown if name in row.measured]
        figures = [row.measured[name] for row in with_it]
        data.append(
            {
                "type": "bar",
                "name": label,
                "x": [row.label for row in with_it],
                "y": [scale * one.value for one in figures],
                "error_y": {
                    "type": "data",
                    "symmetric": False,
                    "array": [scale * ((one.high or one.value) - one.value) for one in figures],
                    "arrayminus": [scale * (one.value - (one.low or 0.0)) for one in figures],
                },
            }
        )
    return figure(data, barmode="group", yaxis={**AXIS, "rangemode": "tozero"})


def losses(points: Iterable[LossPoint]) -> dict[str, Any]:
    """Training and validation loss by step, one pair of lines for each stage."""
    points = list(points)
    data = []
    for stage in dict.fromkeys(point.stage for point in points):
        for name, label in (("train_loss", "training"), ("validation_loss", "validation")):
            shown = [point for point in points if point.stage == stage and getattr(point, name) is not None]
            data.append(
                {
                    "type": "scatter",
                    "mode": "lines+markers" if name == "validation_loss" else "lines",
                    "x": [point.step for point in shown],
                    "y": [getattr(point, name) for point in shown],
                    "name": f"{stage.capitalize()}: {label}",
                }
            )
    return figure(data, xaxis={**AXIS, "title": {"text": "Step"}}, yaxis={**AXIS, "title": {"text": "Loss"}})
