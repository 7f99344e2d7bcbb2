"""Copy that the live version wrote is marked for ever, capped by share, and never where versions are judged."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from reviews import curation, exports, reshaping, undoing
from training.deduplication import find_duplicates
from training.evidence import briefs_with_copy, freeze_test_briefs
from training.models import Brief, Copy, Pair, Passage, Source
from training.retraining import rows_and_bonds, rows_of, start_run

PAGE = {"client": "bakery", "voice": "house"}
CANDIDATE = Pair.Made.CANDIDATE


@pytest.fixture
def many(make_pair):
    """Eighty training pairs that people wrote."""
    return [make_pair(f"bun number {number}") for number in range(80)]


@pytest.fixture
def candidates(make_pair, many):
    """Thirty that the live version wrote, the first of them the oldest."""
    rows = [make_pair(f"tart number {number}", made=CANDIDATE) for number in range(30)]
    for number, row in enumerate(rows):
        Pair.objects.filter(pk=row.pk).update(created_at=row.created_at + timedelta(minutes=number))
    return rows


def test_machine_written_pairs_train_up_to_their_share_and_the_newest_are_left_out(voice, candidates):
    rows, _, notes = rows_and_bonds(voice)
    held = {row.pair for row in rows.supervised_train}
    assert len(held) == 100  # 80 and 20 of 30: a fifth
    assert {str(row.pk) for row in candidates[:20]} <= held and not {str(row.pk) for row in candidates[20:]} & held
    assert "20 of 100 training pairs are machine-written; at most 20 % may be." in notes
    assert any(note.startswith("10 machine-written pairs, the newest,") for note in notes)


def test_a_voice_may_want_none_at_all(voice, candidates):
    voice.machine_share = 0
    assert len(rows_of(voice).supervised_train) == 80


def test_a_run_says_how_its_pairs_were_chosen(client, lena, voice, candidates, settings, tmp_path):
    settings.SNAPSHOTS = tmp_path
    run = start_run(voice, user=lena, config={}, enqueue=False)
    run.state = "finished"
    run.save()
    client.force_login(lena)
    said = "10 machine-written pairs, the newest,"
    assert said in client.get(reverse("run", kwargs={**PAGE, "run": run.pk})).content.decode()
    assert said in client.get(reverse("snapshot", kwargs={**PAGE, "snapshot": run.snapshot_id})).content.decode()


def test_a_machine_written_pair_never_stands_in_validation_or_test(voice, make_pair):
    ours = make_pair("a rye loaf", split="validation")
    make_pair("a plum cake", split="validation", made=CANDIDATE)
    make_pair("a fig roll", split="test", made=CANDIDATE)
    rows, _, notes = rows_and_bonds(voice)
    assert [row.pair for row in rows.supervised_validation] == [str(ours.pk)] and not rows.supervised_train
    assert any("answer a brief that is kept for validation" in note for note in notes)


def test_no_brief_is_a_test_or_a_practice_brief_for_machine_written_copy_alone(voice, make_pair, settings):
    settings.TEST_BRIEFS = 5
    mirror = make_pair("a fig roll", split="test", made=CANDIDATE)
    Brief.objects.filter(pk=mirror.brief_id).update(is_frozen=False)
    freeze_test_briefs(voice)
    assert not voice.briefs.get(pk=mirror.brief_id).is_frozen and briefs_with_copy(voice, "test") == []


def test_a_machine_written_pair_pushes_no_validation_pair_out(voice, make_pair):
    """Their briefs differ by a full stop, which no prompt shows."""
    ours = make_pair("a rye loaf", split="validation")
    fields = {"channel": "social", "topic": "a rye loaf.", "facts": ours.brief.facts, "digest": "f" * 64}
    brief = Brief.objects.create(voice=voice, split="train", **fields)
    Pair.answering(brief, "Rye, dense and dark.", voice=voice, status="validated", made=CANDIDATE).save()
    for number in range(8):
        make_pair(f"bun {number}")
    rows = rows_of(voice)
    assert [row.pair for row in rows.supervised_validation] == [str(ours.pk)] and len(rows.supervised_train) == 8


def test_the_mark_survives_revision_split_merge_and_undo(voice, anna, make_pair):
    pair = make_pair("a rye loaf", made=CANDIDATE, output="Rye is back. Come and taste it. Order by Friday.")
    assert pair.machine_mark == "Machine-written"
    revised = Pair.objects.get(
        pk=curation.revise(pair, anna, pair.brief.content, "Rye is back. Taste it today.").data["pair"]
    )
    assert revised.machine_mark == "Machine-written, edited"
    entry = reshaping.split(revised, anna, revised.brief.content, revised.output, 13)
    assert {Pair.objects.get(pk=key).made for key in entry.data["made"]} == {CANDIDATE}
    [made] = [one for one in undoing.decisions(anna, voice) if one.entry == entry]
    assert undoing.undo(made, anna).made == CANDIDATE


def test_a_merge_with_machine_written_copy_is_marked_as_a_whole(voice, anna, make_pair):
    source = Source.objects.create(voice=voice, name="a.txt", kind="text", sha256="1" * 64, raw=b"x")
    first, second = (Passage.objects.create(source=source, position=n, text="x") for n in (0, 1))
    ours = make_pair("a bun", passage=first)
    theirs = make_pair("a loaf", passage=second, made=CANDIDATE)
    entry = reshaping.merge(ours, 1, anna, ours.brief.content, ours.output)
    assert Pair.objects.get(pk=entry.data["made"][0]).made == CANDIDATE
    assert not Pair.objects.validated().filter(pk=theirs.pk).exists()


def test_the_mark_goes_out_and_comes_in_again(voice, make_pair, tmp_path):
    make_pair("a rye loaf", made=CANDIDATE)
    for shape in ("prompt", "messages", "alpaca"):
        raw = b"".join(exports.pieces(voice, exports.Choice(shape=shape)))
        assert json.loads(raw)["made"] == CANDIDATE
        voice.pairs.all().delete()
        (tmp_path / "a.jsonl").write_bytes(raw)
        call_command("import_data", "bakery/house", str(tmp_path / "a.jsonl"), "--trust", stdout=io.StringIO())
        assert voice.pairs.get().made == CANDIDATE
        voice.data_sets.all().delete()


def test_the_mark_is_seen_on_the_pair_and_in_the_list(client, anna, make_pair):
    client.force_login(anna)
    pair = make_pair("a rye loaf", made=CANDIDATE)
    for where in (reverse("pair", kwargs={**PAGE, "pair": pair.pk}), reverse("pairs", kwargs=PAGE)):
        assert '<span class="badge">Machine-written</span>' in client.get(where).content.decode()


def test_of_near_copies_the_one_that_a_person_wrote_is_kept(voice, make_pair):
    words = "Rye is back on the shelf this week, dense and dark and baked before dawn in our own old oven"
    make_pair("a rye loaf", made=CANDIDATE, output=f"{words} for you.")
    ours = make_pair("the rye", status="proposed", output=words)
    find_duplicates(voice)
    assert Copy.objects.kept().get().lineage == ours.lineage
