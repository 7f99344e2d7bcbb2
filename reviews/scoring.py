"""Recording a judgement and handing it over to training: each one transaction, and once, however often it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Avg, F, Q
from django.utils import timezone
from rapidfuzz.distance import Levenshtein

from reviews.models import Comparison, Edit, Item, Round, Score, Task, record
from reviews.queue import LEASE
from training.models import Origin, Pair, Preference, Sample
from training.models.corpus import Split

CLEAR_GAP = 2.0  # steps of the overall rating between two samples of one brief
GOOD = 4
STRENGTH = {"comparison": 1.0, "edit": 0.8, "scores": 0.5}


def close_task(task: Task, state: str = Task.State.DONE, note: str = "") -> bool:
    """End the task. False: it was answered before, so this one is the same judgement sent twice."""
    now = timezone.now()
    won = Task.objects.filter(pk=task.pk).exclude(state=Task.State.DONE).update(state=state, done_at=now, note=note)
    return won == 1


@transaction.atomic
def record_score(
    task: Task, ratings: Mapping[str, int], comment: str = "", *, origin: str = Origin.HUMAN
) -> Score | None:
    """Store the ratings of a task's sample. A late one is kept; one sent twice gives None and changes nothing."""
    if not close_task(task):
        return None
    sample = task.item.sample
    score = Score.objects.create(
        sample=sample, reviewer=task.reviewer, task=task, comment=comment, origin=origin, **ratings
    )
    Item.objects.filter(pk=task.item_id, wanted__gt=0).update(wanted=F("wanted") - 1)
    hand_over_scores(sample, origin, task.reviewer)
    return score


@transaction.atomic
def record_comparison(task: Task, verdict: str, comment: str = "", *, origin: str = Origin.HUMAN) -> Comparison | None:
    """Store a blind vote as the reviewer saw it. One sent twice gives None and changes nothing."""
    if not close_task(task):
        return None
    left, right = sides(task)
    vote = Comparison.objects.create(
        left=left, right=right, reviewer=task.reviewer, task=task, verdict=verdict, comment=comment, origin=origin
    )
    Item.objects.filter(pk=task.item_id, wanted__gt=0).update(wanted=F("wanted") - 1)
    if verdict in (Comparison.Verdict.LEFT, Comparison.Verdict.RIGHT):
        chosen, rejected = (left, right) if verdict == Comparison.Verdict.LEFT else (right, left)
        prefer(chosen.text, rejected.text, left, "comparison", f"comparison:{vote.pk}", origin)
    return vote


@transaction.atomic
def record_edit(
    sample: Sample, user: User, text: str, *, active_seconds: float | None = None, origin: str = Origin.HUMAN
) -> Edit:
    """Store what a person made of a sample: a preference over the draft and, but for test briefs, a pair.

    The same text sent twice by the same person gives the edit that is there. `active_seconds` is None where
    the work was not measured. Raises ValueError when nothing was changed.
    """
    if text.split() == sample.text.split():
        raise ValueError("Nothing was changed.")
    # The lock makes the second of a double click wait until it can see the first.
    Sample.objects.select_for_update().only("pk").get(pk=sample.pk)
    if before := Edit.objects.filter(sample=sample, reviewer=user, text=text).first():
        return before
    edit = Edit.objects.create(
        sample=sample,
        reviewer=user,
        text=text,
        active_seconds=active_seconds,
        distance=Levenshtein.distance(sample.text, text),
        origin=origin,
    )
    prefer(text, sample.text, sample, "edit", f"edit:{edit.pk}", origin)
    # What answers a test brief is evidence and never trains, so it becomes no pair.
    if sample.brief.split != Split.TEST:
        make_pair(sample, text, Pair.Made.EDIT, f"edit:{edit.pk}", origin, user)
    voice = sample.version.voice
    record("sample.edited", client=voice.client, voice=voice, user=user, sample=str(sample.pk), distance=edit.distance)
    return edit


@transaction.atomic
def set_aside(task: Task, state: str, note: str) -> bool:
    """Skip a task or flag it for the lead; the item goes to colleagues. False: it is out of hand already."""
    changed = Task.objects.filter(pk=task.pk, state=Task.State.LEASED).update(
        state=state, note=note, done_at=timezone.now()
    )
    if changed:
        voice = task.item.round.voice
        record(f"task.{state}", client=voice.client, voice=voice, user=task.reviewer, task=str(task.pk), note=note)
    return changed == 1


@transaction.atomic
def take_back(task: Task) -> dict[str, Any] | None:
    """Undo a judgement, a skip or a flag: what it gave is withdrawn, and the person holds the task again.

    Gives what was answered, for the form to show. None: the round is over, so the answer stands.
    """
    if not Round.objects.filter(pk=task.item.round_id, is_open=True).exists():
        return None
    changed = (
        Task.objects.filter(pk=task.pk)
        .exclude(state=Task.State.LEASED)
        .update(state=Task.State.LEASED, done_at=None, note="", expires_at=timezone.now() + LEASE)
    )
    if not changed:
        return {}  # the same wish sent twice
    given: dict[str, Any] = {"comment": task.note}
    if score := Score.objects.filter(task=task).first():
        given = {name: getattr(score, name) for name in Score.CRITERIA} | {"comment": score.comment}
        score.delete()
        hand_over_scores(task.item.sample, score.origin, task.reviewer)
    if vote := Comparison.objects.filter(task=task).first():
        given = {"verdict": vote.verdict, "comment": vote.comment}
        Preference.objects.filter(provenance=f"comparison:{vote.pk}").delete()
        vote.delete()
    work = task.item.round
    judged = Task.objects.filter(item=task.item_id, state=Task.State.DONE).count()
    Item.objects.filter(pk=task.item_id).update(wanted=max(0, work.overlap - judged))
    record("task.taken_back", client=work.voice.client, voice=work.voice, user=task.reviewer, task=str(task.pk))
    return given


def sides(task: Task) -> tuple[Sample, Sample]:
    """(left, right) as this reviewer sees them."""
    first, second = task.item.sample, task.item.other
    assert second is not None, "Only a comparison has two sides."
    return (second, first) if task.is_swapped else (first, second)


def hand_over_scores(sample: Sample, origin: str, user: User) -> None:
    """What the scores of this sample now say: validation data, and preferences over its brief's other samples.

    Means are over reviewers of one origin, so that no demo rating ever stands behind a person's preference.
    """
    means = Score.objects.filter(sample=sample, origin=origin).aggregate(
        overall=Avg("overall"), voice=Avg("brand_voice"), accuracy=Avg("accuracy")
    )
    is_scored = means["overall"] is not None
    # A test brief is evidence and never trains; a training brief's copy is no measure of what was learned.
    if sample.brief.split == Split.VALIDATION:
        provenance = f"score:{sample.pk}"
        if is_scored and min(means.values()) >= GOOD:
            make_pair(sample, sample.text, Pair.Made.SCORE, provenance, origin, user)
        else:
            # What an annotator decided about it meanwhile stands.
            scorers = Q(decided_by=user) | Q(decided_by__in=Score.objects.filter(sample=sample).values("reviewer"))
            Pair.objects.validated().filter(scorers, provenance=provenance).delete()
    others = (
        Sample.objects.filter(brief=sample.brief, scores__origin=origin)
        .exclude(pk=sample.pk)
        .annotate(overall=Avg("scores__overall"), voice=Avg("scores__brand_voice"))
    )
    for other in others:
        first, second = sorted((str(sample.pk), str(other.pk)))
        provenance = f"scores:{first}:{second}"
        # Thirds do not add up in floating point: 11/3 - 5/3 falls short of 2.
        gap = round(means["overall"] - other.overall, 6) if is_scored else 0  # type: ignore[attr-defined]
        lean = means["voice"] - other.voice if is_scored else 0  # type: ignore[attr-defined]
        chosen, rejected = (sample, other) if gap > 0 else (other, sample)
        if abs(gap) >= CLEAR_GAP and gap * lean >= 0:
            prefer(chosen.text, rejected.text, sample, "scores", provenance, origin)
        else:
            # A later reviewer may have closed the gap; runs keep what they trained on in their snapshots.
            Preference.objects.filter(provenance=provenance).delete()


def prefer(chosen: str, rejected: str, sample: Sample, source: str, provenance: str, origin: str) -> None:
    if chosen == rejected:
        return
    Preference.objects.update_or_create(
        provenance=provenance,
        defaults={
            "voice": sample.version.voice,
            "brief": sample.brief,
            "chosen": chosen,
            "rejected": rejected,
            "source": source,
            "strength": STRENGTH[source],
            "origin": origin,
        },
    )


def make_pair(sample: Sample, text: str, made: str, provenance: str, origin: str, user: User) -> None:
    """A validated pair of the sample's brief, unless the very same copy answers it already."""
    if Pair.objects.validated().filter(brief=sample.brief, output=text).exists():
        return
    pair = Pair.answering(
        sample.brief,
        text,
        voice=sample.version.voice,
        status=Pair.Status.VALIDATED,
        made=made,
        origin=origin,
        provenance=provenance,
        decided_by=user,
        decided_at=timezone.now(),
    )
    Pair.objects.bulk_create([pair], ignore_conflicts=True)  # the same judgement handed over twice is one pair
