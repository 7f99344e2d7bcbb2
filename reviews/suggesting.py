"""What a voice's next version should do more of, as its judgements tell: suggestions for a focus, with figures.

Counts over what people said and changed, the newest first; nothing here is decided.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Avg, Count

from reviews.findings import plural
from reviews.forms_corpus import RejectForm
from reviews.models import Edit, Score, Task
from training.corpus.brief import CHANNELS
from training.corpus.english import FUNCTION
from training.corpus.focusing import CHANGES, changes, rule_for
from training.corpus.variety import words
from training.models import Focus, Origin, Pair, Voice

NEWEST = 2_000
"""Judgements of one kind that are read."""
REPEATED, SHARE = 3, 0.2
"""A complaint counts from so many people's words on; a change from that share of all edits on."""
LOW, RATED = 3.5, 5
EXAMPLES, PHRASES = 3, 6
CRITERIA = {
    "brand_voice": ("Brand voice", ""),
    "accuracy": ("Accuracy", "facts"),
    "creativity": ("Creativity", ""),
}


@dataclass
class Suggestion:
    """A focus that could be made. `why` has the figures, `examples` the words or texts behind them."""

    name: str
    why: str
    came_from: str
    rule: str = ""
    channel: str = ""
    examples: list[str] = field(default_factory=list)


def suggestions(voice: Voice) -> list[Suggestion]:
    """All that the judgements suggest and no open focus is about. A handful of queries, however many judgements."""
    known = {name.casefold() for name in voice.focuses.open().values_list("name", flat=True)}
    found = [*from_tags(voice), *from_edits(voice), *from_scores(voice), *from_comments(voice), *from_reasons(voice)]
    named: dict[str, Suggestion] = {}
    for one in found:
        named.setdefault(one.name.casefold(), one)
    return [one for key, one in named.items() if key not in known]


def origins(voice: Voice) -> list[str]:
    return [Origin.HUMAN, *([Origin.DEMO] if voice.client.is_demo else [])]


def from_tags(voice: Voice) -> Iterator[Suggestion]:
    rows = Score.objects.filter(sample__version__voice=voice, origin__in=origins(voice)).exclude(highlights=[])
    counts: Counter[str] = Counter()
    examples: dict[str, list[str]] = defaultdict(list)
    for text, marks in rows.values_list("sample__text", "highlights")[:NEWEST]:
        for mark in marks if isinstance(marks, list) else []:
            tag = " ".join(str(mark.get("tag", "")).split()) if isinstance(mark, dict) else ""
            if tag:
                counts[tag.casefold()] += 1
                start, end = mark.get("start"), mark.get("end")
                if isinstance(start, int) and isinstance(end, int):
                    examples[tag.casefold()].append(text[start:end])
    for tag, count in counts.most_common(PHRASES):
        if count >= REPEATED:
            why = f"{plural(count, 'place')} in samples have this tag."
            yield Suggestion(capital(tag), why, Focus.Origin.TAG, rule_for(tag), "", some(examples[tag]))


def from_edits(voice: Voice) -> Iterator[Suggestion]:
    rows = Edit.objects.filter(sample__version__voice=voice, origin__in=origins(voice))
    counts: Counter[str] = Counter()
    examples: dict[str, list[str]] = defaultdict(list)
    edits = list(rows.values_list("sample__text", "text")[:NEWEST])
    for draft, final in edits:
        for kind in changes(draft, final):
            counts[kind] += 1
            examples[kind].append(final)
    for kind, count in counts.most_common():
        if count >= REPEATED and count >= SHARE * len(edits):
            change = CHANGES[kind]
            why = f"{count:,} of {plural(len(edits), 'edit')} {change.did}."
            yield Suggestion(change.complaint, why, Focus.Origin.EDIT, change.rule, "", some(examples[kind]))


def from_scores(voice: Voice) -> Iterator[Suggestion]:
    """Criteria whose mean rating on one channel is under 3.5 of 5, over five ratings or more."""
    rows = Score.objects.filter(sample__version__voice=voice, origin__in=origins(voice)).order_by()
    means = {criterion: Avg(criterion) for criterion in CRITERIA}
    for row in rows.values("sample__brief__channel").annotate(n=Count("pk"), **means):
        channel = row["sample__brief__channel"]
        for criterion, (name, rule) in CRITERIA.items():
            if row["n"] >= RATED and row[criterion] < LOW:
                thing = CHANNELS[channel].split(" ", 1)[1]
                why = f"{name} of its samples: {row[criterion]:.1f} of 5 on average over {plural(row['n'], 'rating')}."
                yield Suggestion(f"{name} of {several(thing)}", why, Focus.Origin.SCORE, rule, channel)


def from_comments(voice: Voice) -> Iterator[Suggestion]:
    """Phrases of two or three words that comments on samples, and notes on flagged ones, keep using."""
    said = list(
        Score.objects.filter(sample__version__voice=voice, origin__in=origins(voice))
        .exclude(comment="")
        .values_list("comment", flat=True)[:NEWEST]
    )
    flagged = Task.objects.filter(item__sample__version__voice=voice, state=Task.State.FLAGGED).exclude(note="")
    said += flagged.values_list("note", flat=True)[:NEWEST]
    for phrase, count in repeated(said):
        with_it = [comment for comment in said if phrase in " ".join(words(comment))]
        why = f"{plural(count, 'comment')} of {len(said):,} say so."
        yield Suggestion(capital(phrase), why, Focus.Origin.COMMENT, rule_for(phrase), "", some(with_it))


def repeated(texts: list[str]) -> list[tuple[str, int]]:
    """(phrase, texts that have it), most frequent first; of one phrase within another the longer, if as frequent."""
    counts: Counter[str] = Counter()
    for text in texts:
        told = words(text)
        grams = {tuple(told[at : at + size]) for size in (2, 3) for at in range(len(told) - size + 1)}
        counts.update(" ".join(gram) for gram in grams if any(word not in FUNCTION for word in gram))
    often = [(phrase, count) for phrase, count in counts.most_common(200) if count >= REPEATED]
    kept = [
        (phrase, count)
        for phrase, count in often
        if phrase.split()[-1] not in FUNCTION
        and not any(phrase in other and phrase != other and count <= n for other, n in often)
    ]
    return kept[:PHRASES]


def from_reasons(voice: Voice) -> Iterator[Suggestion]:
    """What annotators reject for, in words of their own: the usual reasons are about single texts."""
    pairs = voice.pairs.current().filter(status=Pair.Status.REJECTED, decided_by__isnull=False)
    reasons = pairs.exclude(reject_reason="").exclude(reject_reason__in=[*RejectForm.USUAL, *ACTS]).order_by()
    for row in reasons.values("reject_reason").annotate(n=Count("pk")).filter(n__gte=REPEATED).order_by("-n")[:PHRASES]:
        reason = row["reject_reason"]
        if "withdrawn" not in reason:
            why = f"{plural(row['n'], 'pair')} were rejected for it."
            yield Suggestion(capital(reason)[:120], why, Focus.Origin.REASON, rule_for(reason))


ACTS = ("Split in two", "Merged into one", "Split taken back", "Merge taken back")
"""What the desk itself writes as a reason."""


def some(texts: list[str]) -> list[str]:
    return [" ".join(text.split())[:160] for text in dict.fromkeys(texts)][:EXAMPLES]


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def several(thing: str) -> str:
    """ "e-mail" -> "e-mails" """
    return f"{thing}s"
