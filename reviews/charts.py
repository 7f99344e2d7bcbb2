"""Rows to Plotly figures: plain dictionaries, no state. Colours come from the page, so light and dark both read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from reviews.evidence import Evidence
from training.metrics.acceptance import Plan
from training.metrics.learning_curve import Curve
from training.models import LossPoint

AXIS = {"automargin": True, "fixedrange": True}
PERCENT = {**AXIS, "range": [0, 104], "ticksuffix": " %", "dtick": 20}
OVERLAP = (("rouge1", "ROUGE-1", 100), ("rouge2", "ROUGE-2", 100), ("rougeL", "ROUGE-L", 100), ("bleu", "BLEU", 1))


def figure(data: list[dict[str, Any]], **layout: Any) -> dict[str, Any]:
    categories = len({label for one in data for label in one["x"]})
    base = {
        "margin": {"l": 48, "r": 16, "t": 28, "b": 36},
        "xaxis": {**AXIS, "type": "category", "range": [-0.5, categories - 0.5]},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        "showlegend": len(data) > 1,
    }
    return {"data": data, "layout": {**base, **layout}}


def interval(values: Sequence[float], ends: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Plotly's error bars from an interval's ends."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [high - value for value, (_, high) in zip(values, ends, strict=True)],
        "arrayminus": [value - low for value, (low, _) in zip(values, ends, strict=True)],
        "thickness": 2,
        "width": 6,
    }


def points(
    labels: list[str], values: list[float], ends: list[tuple[float, float]], counts: list[str]
) -> dict[str, Any]:
    """One marker a version with its interval; the count is told where the pointer rests."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": labels,
        "y": values,
        "text": counts,
        "hovertemplate": "%{x}: %{y:.1f}, %{text}<extra></extra>",
        "marker": {"size": 12},
        "error_y": interval(values, ends),
    }


def line_at(value: float, label: str) -> dict[str, Any]:
    """A dashed line across the chart, with its name at the left end."""
    return {
        "shapes": [
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": value,
                "y1": value,
                "line": {"dash": "dash", "width": 2},
            }
        ],
        "annotations": [
            {
                "xref": "paper",
                "x": 0,
                "xanchor": "left",
                "y": value,
                "yanchor": "bottom",
                "text": label,
                "showarrow": False,
            }
        ],
    }


def alignment(rows: list[Evidence], target: float) -> dict[str, Any]:
    """Brand alignment per version, in %, with 95 % intervals and the target line."""
    shown = [row for row in rows if row.scored]
    data = points(
        [row.label for row in shown],
        [100 * row.on_voice / row.scored for row in shown],
        [(100 * row.interval[0], 100 * row.interval[1]) for row in shown],
        [f"n = {row.scored}" for row in shown],
    )
    return figure([data], yaxis=PERCENT, **line_at(100 * target, f"Target {round(100 * target)} %"))


def wins(rows: list[Evidence]) -> dict[str, Any]:
    """Blind win rate of each version against the one it met, in %, with intervals that hold at every look."""
    shown = [(row, row.against, row.win_rate) for row in rows]
    met = [(row, against, rate) for row, against, rate in shown if against is not None and rate is not None]
    data = points(
        [f"{row.label}<br>against {against.label.lower()}" for row, against, _ in met],
        [100 * rate for _, _, rate in met],
        [(100 * row.win_interval[0], 100 * row.win_interval[1]) for row, _, _ in met],
        [f"n = {row.votes}" for row, _, _ in met],
    )
    return figure([data], yaxis=PERCENT, **line_at(50, "No difference"))


def criteria(rows: list[Evidence]) -> dict[str, Any]:
    """Mean accuracy, creativity and overall per version, 1-5, with 95 % intervals."""
    shown = [row for row in rows if row.criteria]
    data = []
    for name in ("accuracy", "creativity", "overall"):
        means = [row.criteria[name] for row in shown]
        labels, counts = [row.label for row in shown], [f"n = {row.scored}" for row in shown]
        one = points(labels, [mean.value for mean in means], [(mean.low, mean.high) for mean in means], counts)
        data.append({**one, "name": name.capitalize(), "offsetgroup": name})
    return figure(data, scattermode="group", yaxis={**AXIS, "range": [0.9, 5.1], "tickvals": [1, 2, 3, 4, 5]})


def overlap(rows: list[Evidence]) -> dict[str, Any]:
    """ROUGE-1/2/L and BLEU per version, all on 0-100, with bootstrap intervals."""
    data = []
    for name, label, scale in OVERLAP:
        shown = [(row.label, row.measured[name]) for row in rows if name in row.measured]
        values = [scale * one.value for _, one in shown]
        ends = [
            (scale * (one.value if one.low is None else one.low), scale * (one.value if one.high is None else one.high))
            for _, one in shown
        ]
        one = points([version for version, _ in shown], values, ends, [f"n = {one.n}" for _, one in shown])
        data.append({**one, "name": label, "offsetgroup": name})
    return figure(data, scattermode="group", yaxis={**AXIS, "rangemode": "tozero"})


def losses(points: Iterable[LossPoint]) -> dict[str, Any]:
    """Training and validation loss of one stage, by step."""
    points = list(points)
    data: list[dict[str, Any]] = []
    for name, label in (("train_loss", "Training"), ("validation_loss", "Validation")):
        shown = [point for point in points if getattr(point, name) is not None]
        is_checked = name == "validation_loss"
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers" if is_checked or len(shown) == 1 else "lines",
                "x": [point.step for point in shown],
                "y": [getattr(point, name) for point in shown],
                "name": label,
                "line": {"width": 3 if is_checked else 1.5},
                "hovertemplate": "step %{x}: %{y:.3f}",
            }
        )
    step = {**AXIS, "title": {"text": "Step"}, "rangemode": "tozero"}
    return figure(data, xaxis=step, yaxis={**AXIS, "title": {"text": "Loss"}})


def lengths(steps: Sequence[tuple[int, int | None, int]]) -> dict[str, Any]:
    """Validated pairs by length in words, as bars."""
    labels = [f"{low}-{high}" if high else f"over {low - 1}" for low, high, _ in steps]
    bars = {"type": "bar", "x": labels, "y": [count for _, _, count in steps]}
    bars["hovertemplate"] = "%{x} words: %{y}<extra></extra>"
    return figure([bars], yaxis={**AXIS, "rangemode": "tozero"})


def learning(curve: Curve, step: int) -> dict[str, Any]:
    """Best validation loss of each run by its training pairs, and what the fitted curve expects of `step` more."""
    last = curve.points[-1][0]
    loss, low, high = curve.expected(last + step)
    runs = {
        "type": "scatter",
        "mode": "lines+markers",
        "name": "Runs",
        "x": [pairs for pairs, _ in curve.points],
        "y": [value for _, value in curve.points],
        "hovertemplate": "%{x} pairs: %{y:.3f}<extra></extra>",
    }
    expected = {
        "type": "scatter",
        "mode": "markers",
        "name": f"Expected with {step} more",
        "x": [last + step],
        "y": [loss],
        "error_y": interval([loss], [(low, high)]),
        "hovertemplate": "%{x} pairs: %{y:.3f}<extra></extra>",
        "marker": {"size": 12, "symbol": "diamond"},
    }
    axis = {**AXIS, "title": {"text": "Training pairs"}, "type": "linear", "autorange": True}
    return figure([runs, expected], xaxis=axis, yaxis={**AXIS, "title": {"text": "Validation loss"}})


def operating(plan: Plan, observed: float | None = None) -> dict[str, Any]:
    """A sampling plan's operating curve: how often a lot passes by its share of defects, both in %.

    Marked are the two levels that the plan is made for and, where it is known, the share that the sample shows.
    """
    curve = plan.curve()
    line = {
        "type": "scatter",
        "mode": "lines",
        "name": "Operating curve",
        "x": [100 * share for share, _ in curve],
        "y": [100 * chance for _, chance in curve],
        "line": {"width": 3},
        "hovertemplate": "%{x:.1f} % defects: passes %{y:.0f} times in 100<extra></extra>",
    }
    levels = [plan.acceptable, plan.rejectable]
    marks = {
        **line,
        "mode": "markers",
        "name": "Good enough, and too bad",
        "x": [100 * share for share in levels],
        "y": [100 * plan.passes(share) for share in levels],
        "marker": {"size": 12, "symbol": "diamond"},
    }
    layout: dict[str, Any] = {}
    most = 100 * max(curve[-1][0], plan.rejectable, 1.1 * (observed or 0))
    if observed is not None:
        told, at = line_at(0, f"This sample: {100 * observed:.1f} %"), 100 * observed
        # Where the curve is not: low on the left, high on the right.
        ends = {"y": 0, "yanchor": "bottom", "xanchor": "left"} if at < most / 2 else {"y": 1, "yanchor": "top"}
        note = {"xref": "x", "x": at, "yref": "paper", "xanchor": "right", "borderpad": 4, **ends}
        layout["shapes"] = [{**told["shapes"][0], "xref": "x", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1}]
        layout["annotations"] = [{**told["annotations"][0], **note}]
    defects = {**AXIS, "type": "linear", "range": [0, most], "ticksuffix": " %", "title": {"text": "Defects in a lot"}}
    return figure([line, marks], xaxis=defects, yaxis={**PERCENT, "title": {"text": "Lots that pass"}}, **layout)
