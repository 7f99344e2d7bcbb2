"""The comparison dashboard of a voice: figures in words, drawn, as tables, and the texts behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from reviews import access, charts, findings, promotion
from reviews.evidence import Evidence, evidence_of
from reviews.findings import plural
from reviews.views.lists import csv_response
from reviews.views.page import render_page
from training.models import Brief, LossPoint, Run, Voice
from voicelab.roles import Can


@require_safe
def dashboard(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice)
    rows = evidence_of(found)
    if request.GET.get("format") == "csv":
        return csv_response(f"{found.slug}-dashboard", CSV, csv_rows(found, rows))
    context: dict[str, Any] = {"voice": found, "rows": rows, "here": "dashboard"}
    if rows:
        newest = rows[-1]
        decided = promotion.verdict_of(newest.version, rows)
        briefs = list(found.briefs.filter(is_frozen=True).order_by("topic", "channel"))
        beside = side_by_side(rows)
        context |= {
            "newest": newest,
            "finding": findings.finding(newest, found.alignment_target),
            "verdict": verdict(newest, decided) if decided else "",
            "versions": table(rows),
            "sections": sections(rows, newest, found.alignment_target, len(briefs)),
            "lessons": list(lessons(newest)),
            "beside": beside,
            "texts": texts(briefs, beside),
            "weakest_of": weakest_of(beside),
            "can_promote": access.may(found, Can.PROMOTE),
            "can_judge": access.may(found, Can.JUDGE),
            "can_export": access.may(found, Can.EXPORT),
        }
    return render_page(request, "reviews/dashboard.html", context)


def verdict(newest: Evidence, decided: tuple[Any, str, str]) -> str:
    _, kind, why = decided
    return findings.verdict_finding(kind, why, newest.against.label if newest.against else "what is live")


def sections(rows: list[Evidence], newest: Evidence, target: float, test_briefs: int) -> list[dict[str, Any]]:
    """What people and tools found: each a finding, what would settle it, a chart and the same as a table."""
    scored = [row for row in rows if row.scored]
    met = [row for row in rows if row.votes]
    counted = [row for row in rows if row.measured]
    signatures = ""
    if newest.measured:
        rouge, bleu = newest.measured["rougeL"].signature, newest.measured["bleu"].signature
        signatures = f"Overlap is an alarm, not a measure of voice. ROUGE {rouge}. BLEU {bleu}."
    return [
        {
            "key": "alignment",
            "finding": findings.alignment_finding(rows, target),
            "note": "Brand alignment: the share of scored test texts whose mean brand-voice rating is 4 or more.",
            "next": findings.alignment_next(newest, target, test_briefs),
            "figure": charts.alignment(scored, target) if scored else None,
            "about": f"Brand alignment per version with its 95 % interval and the {findings.percent(target)} line",
            "header": ["On voice (95 %)", "Texts"],
            "table": [
                (row.label, [findings.share(row.alignment or 0.0, row.interval), str(row.scored)]) for row in scored
            ],
            "empty": "Nobody has scored a test text yet.",
        },
        {
            "key": "wins",
            "finding": findings.wins_finding(newest),
            "note": "A brief counts once; a tie counts half. The intervals hold however often one looks.",
            "next": findings.wins_next(newest),
            "figure": charts.wins(met) if met else None,
            "about": "Blind win rate of each version against the one it met, with its interval",
            "header": ["Against", "Win rate (95 %)", "Won, tied, lost"],
            "table": [
                (
                    row.label,
                    [
                        row.against.label if row.against else "",
                        findings.share(row.win_rate or 0.0, row.win_interval),
                        f"{row.wins}, {row.ties}, {row.losses}",
                    ],
                )
                for row in met
            ],
            "empty": "Nobody has compared texts of a test brief yet.",
        },
        {
            "key": "criteria",
            "finding": findings.criteria_finding(newest),
            "note": "Mean ratings of test texts, 1 to 5, each text weighing the same.",
            "next": "",
            "figure": charts.criteria(scored) if scored else None,
            "about": "Mean accuracy, creativity and overall rating per version with 95 % intervals",
            "header": ["Accuracy (95 %)", "Creativity (95 %)", "Overall (95 %)", "Texts"],
            "table": [
                (
                    row.label,
                    [findings.mean(row.criteria[name]) for name in ("accuracy", "creativity", "overall")]
                    + [str(row.scored)],
                )
                for row in scored
            ],
            "empty": "Nobody has scored a test text yet.",
        },
        {
            "key": "overlap",
            "finding": findings.overlap_finding(newest),
            "note": signatures,
            "next": "",
            "figure": charts.overlap(counted) if counted else None,
            "about": "ROUGE and BLEU per version against the client's own copy, with bootstrap intervals",
            "header": [*(f"{label} (95 %)" for _, label, _ in charts.OVERLAP), "Texts"],
            "table": [
                (
                    row.label,
                    [
                        findings.measured(one.value, one.low, one.high, scale) if one else ""
                        for name, _, scale in charts.OVERLAP
                        for one in [row.measured.get(name)]
                    ]
                    + [str(next(iter(row.measured.values())).n)],
                )
                for row in counted
            ],
            "empty": "The test texts are measured when a run ends.",
        },
    ]


def table(rows: list[Evidence]) -> list[dict[str, Any]]:
    """All versions at a glance, newest first."""
    live = next((row.version.number for row in rows if row.version.is_live), -1)
    return [
        {
            "version": row.version,
            "alignment": "not scored" if row.alignment is None else findings.share(row.alignment, row.interval),
            "scored": row.scored,
            "wins": findings.share(row.win_rate, row.win_interval) if row.win_rate is not None else "",
            "votes": row.votes or "",
            "accuracy": findings.mean(row.criteria["accuracy"]) if row.criteria else "",
            "is_earlier": row.version.number < live,
        }
        for row in reversed(rows)
    ]


def lessons(newest: Evidence) -> Iterator[dict[str, Any]]:
    """The learning curve of each stage of the newest version's run."""
    run = newest.version.run
    points = list(LossPoint.objects.filter(run=run)) if run else []
    for stage in dict.fromkeys(point.stage for point in points):
        shown = [point for point in points if point.stage == stage]
        yield {
            "key": f"losses-{stage}",
            "stage": "learning preferences" if stage == "preference" else "learning the voice",
            "held_out": checked_on(run, stage) if run else "",
            "finding": findings.loss_finding(shown),
            "figure": charts.losses(shown),
        }


def checked_on(run: Run, stage: str) -> str:
    """What the validation loss of the stage was measured on."""
    counts = run.snapshot.counts
    if stage == "preference":
        return plural(counts.get("preferences_validation", 0), "validation preference")
    return plural(counts.get("supervised_validation", 0), "validation pair")


def side_by_side(rows: list[Evidence]) -> list[Evidence]:
    """The versions that a table has room for: the base, the newest's rival, the live one and the newest."""
    newest = rows[-1]
    rival = newest.against.pk if newest.against else None
    return [row for row in rows if row in (rows[0], newest) or row.version.is_live or row.version.pk == rival]


def texts(briefs: Sequence[Brief], beside: list[Evidence]) -> list[tuple[Brief, list[float | None]]]:
    """Each test brief with its ratings per version: those where the newest scored one is weakest first."""
    ranked = weakest_of(beside)
    rated = [(brief, [row.ratings.get(brief.pk) for row in beside]) for brief in briefs]
    return sorted(rated, key=lambda one: (one[0].pk not in ranked.ratings, ranked.ratings.get(one[0].pk, 0.0)))


def weakest_of(beside: list[Evidence]) -> Evidence:
    """The version whose weakest texts stand first: the newest that has scores."""
    return next((row for row in reversed(beside) if row.ratings), beside[-1])


CSV = [
    *("version", "live", "judgements", "texts scored", "alignment", "alignment low", "alignment high"),
    *("accuracy", "accuracy low", "accuracy high", "creativity", "creativity low", "creativity high"),
    *("against", "win rate", "win rate low", "win rate high", "won", "tied", "lost"),
    *("ROUGE-1", "ROUGE-2", "ROUGE-L", "ROUGE signature", "BLEU", "BLEU low", "BLEU high", "BLEU signature"),
]


def csv_rows(voice: Voice, rows: list[Evidence]) -> Iterator[list[object]]:
    for row in rows:
        figures = row.measured
        bleu, rouge = figures.get("bleu"), figures.get("rougeL")
        criteria = [row.criteria[name] if row.criteria else ("", "", "") for name in ("accuracy", "creativity")]
        ends = row.interval if row.scored else ("", "")
        win_ends = row.win_interval if row.votes else ("", "")
        met = row.against is not None
        yield [
            row.version.label,
            "yes" if row.version.is_live else "",
            "with demo data" if voice.client.is_demo else "people",
            *(row.scored, rounded(row.alignment), *map(rounded, ends)),
            *(rounded(value) for one in criteria for value in one),
            row.against.label if row.against else "",
            *(rounded(row.win_rate), *map(rounded, win_ends)),
            *((row.wins, row.ties, row.losses) if met else ("", "", "")),
            *(rounded(figures[name].value) if name in figures else "" for name in ("rouge1", "rouge2", "rougeL")),
            rouge.signature if rouge else "",
            *((rounded(bleu.value), rounded(bleu.low), rounded(bleu.high), bleu.signature) if bleu else [""] * 4),
        ]


def rounded(value: float | str | None) -> float | str:
    return value if isinstance(value, str) else "" if value is None else round(value, 4)
