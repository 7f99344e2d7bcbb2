"""Candidates for a focus: the briefs that they are to answer, and starting and stopping the live version's writing.

A brief takes its subject from what the voice's own briefs speak of and the wanted channel lacks, and its facts from the
fact sheet alone: nothing else is known to be true.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from reviews.coverage import coverage_of
from reviews.models import record
from training.corpus.brief import Brief as Content
from training.corpus.facts import unexplained
from training.corpus.variety import subjects
from training.models import Focus, ModelVersion, Voice, Writing

MOST, FACTS = 48, 3
FEWEST_WORDS, LONGEST_FACT = 2, 80
"""Words and characters of a statement that can be asked for as it stands."""
SAMPLE = 2_000
MARKDOWN = re.compile(r"\*\*[^*\n]{1,40}[.:]\*\*|[*_`]{1,3}|^#{1,6} .*$", re.MULTILINE)
WRAPPED = re.compile(r"(?<=[^\s.:])\n(?=[^\s#*•-])")
ENDS = re.compile(r"\n\s*(?:[-*•]\s+)?|;\s|(?<=[a-z]{3})\.\s|(?<=\d)\.\s(?=[A-Z])|^[-*•]\s+")


class CannotWrite(ValueError):
    """Candidates that cannot be written; the message says why and what to do."""


def briefs(voice: Voice, focus: Focus, count: int) -> list[Content]:
    """At most so many briefs that the voice does not have yet, thin subjects first."""
    channels = [focus.channel] if focus.channel else list(Counter(channels_of(voice)))
    calls = calls_of(voice) if focus.rule == "call" else []
    sheet = statements(voice.fact_sheet)
    found: list[Content] = []
    seen: set[str] = set()
    for number, topic in enumerate(topics(voice)):
        if len(found) == count or not channels:
            break
        facts = about(topic, sheet)
        call = calls[number % len(calls)] if calls else ""
        content = Content(channels[number % len(channels)], topic, tuple(facts), "", call)
        asked = Content(content.channel, "copy", content.facts, "", call)
        if content.digest() in seen or unexplained(topic, asked, voice.fact_sheet, voice.brand):
            continue  # a topic with a figure or a name that nothing vouches for
        seen.add(content.digest())
        if not voice.briefs.filter(digest=content.digest()).exists():
            found.append(content)
    return found


def channels_of(voice: Voice) -> Iterator[str]:
    """The channels of the voice's training pairs, the most used first."""
    rows = voice.pairs.validated().filter(brief__split="train").order_by("pk")
    counts = Counter(rows.values_list("brief__channel", flat=True)[:SAMPLE])
    return (channel for channel, _ in counts.most_common())


def topics(voice: Voice) -> Iterator[str]:
    """Subjects that are asked for often and held seldom, then the topics of training briefs that speak of rare ones."""
    yield from (word for word, _, _ in coverage_of(voice).thin)
    rows = voice.pairs.validated().filter(brief__split="train").order_by("pk").values_list("brief__topic", flat=True)
    held = list(dict.fromkeys(rows[:SAMPLE]))
    known = subjects(held)
    rarity = {topic: min((known[word] for word in subjects([topic])), default=SAMPLE) for topic in held}
    yield from sorted(held, key=lambda topic: rarity[topic])


def statements(sheet: str) -> list[str]:
    """The short sentences, list items and parts of a fact sheet, without its Markdown and its breaks within lines."""
    plain = MARKDOWN.sub("", WRAPPED.sub(" ", sheet))
    parts = (" ".join(part.split()).strip(" .,:") for part in ENDS.split(plain))
    return [part for part in dict.fromkeys(parts) if len(part.split()) >= FEWEST_WORDS and len(part) <= LONGEST_FACT]


def about(topic: str, sheet: list[str]) -> list[str]:
    """Statements of the fact sheet that speak of the topic, else the first one, which says who or where."""
    words = set(subjects([topic]))
    near = [line for line in sheet if words & set(subjects([line]))]
    return (near or sheet[:1])[:FACTS]


def calls_of(voice: Voice) -> list[str]:
    """The calls to action that the voice uses most, of those that name nothing but what the fact sheet gives."""
    rows = voice.pairs.validated().filter(brief__split="train").exclude(brief__call_to_action="").order_by("pk")
    counts = Counter(rows.values_list("brief__call_to_action", flat=True)[:SAMPLE])
    bare = Content("page", "copy")
    often = [call for call, _ in counts.most_common(100)]
    return [call for call in often if not unexplained(call, bare, voice.fact_sheet, voice.brand)][:10]


def start(focus: Focus, user: User, count: int) -> Writing:
    """A job of the voice's live version, in line for a worker. Raises `CannotWrite`."""
    from training.writingjobs import enqueue_writing

    voice = focus.voice
    version = voice.live
    if version is None or version.kind not in (ModelVersion.Kind.BASE, ModelVersion.Kind.ADAPTER):
        raise CannotWrite("The voice has no live version that can write here. Promote one first.")
    wanted = briefs(voice, focus, min(count, MOST))
    if not wanted:
        raise CannotWrite("There is no subject to write about yet. Validate some training pairs first.")
    try:
        with transaction.atomic():
            job = Writing.objects.create(
                voice=voice,
                focus=focus,
                version=version,
                requested_by=user,
                briefs=[content.as_dict() for content in wanted],
            )
            record(
                "candidates.started",
                client=voice.client,
                voice=voice,
                user=user,
                focus=focus.name,
                version=version.number,
                briefs=len(wanted),
            )
            transaction.on_commit(lambda: enqueue_writing(job))
    except IntegrityError as error:
        raise CannotWrite("Candidates of this voice are being written already. Wait for them, or stop them.") from error
    return job


@transaction.atomic
def cancel(job: Writing, user: User) -> bool:
    """Stop it; what is written stays. False: it was over."""
    if cancelled := job.cancel():
        voice = job.voice
        record("candidates.stopped", client=voice.client, voice=voice, user=user, written=job.written)
    return cancelled
