"""Candidates: the live version writes for a focus, in a worker's child process, and a person mends what comes."""

import uuid
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from reviews import candidates
from reviews.models import LogEntry
from training import writingjobs
from training.candidates import Lost, seed_of, store, write_candidates
from training.corpus.brief import Brief as Content
from training.models import Brief, Focus, Pair, Writing
from training.retraining import rows_of

PAGE = {"client": "bakery", "voice": "house"}


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    """The ids that were sent to the queue."""
    ids: list[str] = []
    monkeypatch.setattr(writingjobs.run_writing, "send", ids.append)
    return ids


@pytest.fixture
def signed_in(client, anna):
    client.force_login(anna)
    return client


@pytest.fixture
def focus(voice, first_version):
    return Focus.objects.create(voice=voice, name="Missing call to action", rule="call", channel="email")


@pytest.fixture
def corpus(make_pair):
    pairs = [make_pair(f"rye loaf with seed number {n}".replace(str(n), "abcdef"[n])) for n in range(6)]
    Brief.objects.filter(pk__in=[pair.brief_id for pair in pairs]).update(call_to_action="Come by at 12 Mill Lane")
    return pairs


@pytest.fixture
def job(voice, focus, first_version):
    contents = [Content("email", f"rye loaf {name}", ("12 Mill Lane",)).as_dict() for name in "abcdef"]
    return Writing.objects.create(voice=voice, focus=focus, version=first_version, briefs=contents)


def text(words, finished=True):
    return SimpleNamespace(text=words, tokens=9, finished=finished)


def rows_for(job, *texts):
    return [(place, Content.from_dict(job.briefs[place]), one) for place, one in enumerate(texts)]


def test_the_briefs_ask_for_facts_of_the_fact_sheet_alone_and_for_what_is_new(voice, focus, corpus, make_brief):
    make_brief("the plum cake of 2031", split="train")
    found = candidates.briefs(voice, focus, 4)
    assert len(found) == 4 and {one.channel for one in found} == {"email"}
    for one in found:
        assert one.facts == ("12 Mill Lane",) and one.call_to_action == "Come by at 12 Mill Lane"
        assert not voice.briefs.filter(digest=one.digest()).exists()


def test_a_fact_sheet_is_read_by_its_statements():
    sheet = """# Facts
**The shop.** The Early Bun, 14 Tanner Street. On the corner
with Mill Lane; open 7 a.m. to 4 p.m.

- Tin loaf £3.20
- Rye
"""
    said = ["The Early Bun, 14 Tanner Street", "On the corner with Mill Lane", "open 7 a.m. to 4 p.m", "Tin loaf £3.20"]
    assert candidates.statements(sheet) == said
    assert candidates.about("our tin loaf", said) == ["Tin loaf £3.20"] and candidates.about("a fair", said) == said[:1]


def test_a_topic_or_a_call_that_names_what_nothing_vouches_for_is_left(voice, focus, make_pair):
    pair = make_pair("the Zurich loaf for 4 May")
    Brief.objects.filter(pk=pair.brief_id).update(call_to_action="Ring Maria on 3 June")
    assert candidates.briefs(voice, focus, 4) == [] and candidates.calls_of(voice) == []


def test_a_press_starts_one_job_told_in_the_log(signed_in, focus, corpus, sent, django_capture_on_commit_callbacks):
    where = reverse("focus", kwargs={**PAGE, "focus": focus.pk})
    with django_capture_on_commit_callbacks(execute=True):
        signed_in.post(where, {"act": "write", "count": "3"})
    job = Writing.objects.get()
    assert sent == [str(job.pk)] and len(job.briefs) == 3 and job.version.is_live
    again = signed_in.post(where, {"act": "write", "count": "3"}, follow=True)
    assert "are being written already" in again.content.decode() and Writing.objects.count() == 1
    page = signed_in.get(where, headers={"HX-Request": "true"}).content.decode()
    assert "has written for 0 of 3 briefs" in page and "<html" not in page
    for _ in range(2):
        signed_in.post(where, {"act": f"stop:{job.pk}"})
    job.refresh_from_db()
    actions = LogEntry.objects.filter(action__startswith="candidates").order_by("pk").values_list("action", flat=True)
    assert job.state == "cancelled" and list(actions) == ["candidates.started", "candidates.stopped"]


@pytest.mark.parametrize("count", ["0", "49", "x", ""])
def test_a_number_out_of_bounds_starts_nothing(signed_in, focus, corpus, count):
    signed_in.post(reverse("focus", kwargs={**PAGE, "focus": focus.pk}), {"act": "write", "count": count})
    assert not Writing.objects.exists()


def test_without_a_live_version_or_a_subject_the_page_says_so(signed_in, voice, focus):
    where = reverse("focus", kwargs={**PAGE, "focus": focus.pk})
    response = signed_in.post(where, {"act": "write", "count": "3"}, follow=True)
    assert "There is no subject to write about yet" in response.content.decode()
    voice.versions.update(is_live=False)
    response = signed_in.post(where, {"act": "write", "count": "3"}, follow=True)
    assert "no live version that can write here" in response.content.decode() and not Writing.objects.exists()


def test_texts_become_marked_draft_pairs_of_the_training_split_and_empty_or_copied_ones_do_not(voice, job, make_pair):
    copied = make_pair("a bun", output="Rye is back on the shelf today.", words=7)
    claim = job.try_claim()
    texts = ["Fresh rye every morning, come by.", copied.output, "", "One that broke off in the middle"]
    made = store(job, claim, rows_for(job, *(text(said, said != texts[-1]) for said in texts)))
    pair = voice.pairs.get(made="candidate")
    assert made == 1 and (pair.status, pair.brief.split, pair.machine_mark) == ("draft", "train", "Machine-written")
    assert pair.extra["written_by"] == "Version 1" and pair.extra["seed"] == seed_of(job, 0)
    job.refresh_from_db()
    assert (job.written, job.made) == (4, 1)


def test_nothing_is_stored_twice_after_a_kill(voice, job):
    rows = rows_for(job, text("Fresh rye every morning, come by."))
    store(job, job.try_claim(), rows)
    killed = Writing.objects.get(pk=job.pk)
    killed.written = 0  # as a child read it that another one overtook
    Pair.objects.filter(made="candidate").update(output="Mended by a person meanwhile.", words=5)
    store(killed, Writing.objects.get(pk=job.pk).claim, rows)
    assert voice.pairs.filter(made="candidate").count() == 1


def test_a_cancelled_or_overtaken_job_stores_nothing(voice, job, anna):
    claim = job.try_claim()
    candidates.cancel(job, anna)
    with pytest.raises(Lost):
        store(job, claim, rows_for(job, text("Fresh rye every morning, come by.")))
    assert not voice.pairs.exists() and not voice.briefs.exists()


def test_a_brief_that_is_held_out_gets_no_candidate(voice, job):
    held = Content.from_dict(job.briefs[0])
    Brief.objects.create(voice=voice, split="validation", digest=held.digest(), **held.as_dict())
    assert store(job, job.try_claim(), rows_for(job, text("Fresh rye every morning, come by."))) == 0
    assert not voice.pairs.exists()


def test_a_candidate_that_repeats_what_was_read_is_left_out_as_a_copy(voice, job, make_pair):
    said = "Fresh rye every morning from the old oven by the mill, dense and dark and ready at six for all who walk by"
    ours = make_pair("a bun", output=f"{said}.")
    claim = job.try_claim()
    store(job, claim, rows_for(job, text(f"{said}!"), *[text("")] * 5))
    write_candidates(job, claim)
    left_out = voice.copies.exclude(kept=None).get()
    assert left_out.kept.lineage == ours.lineage and voice.pairs.get(made="candidate").lineage == left_out.lineage
    assert not Pair.objects.open().filter(voice=voice).exists()


def test_an_accepted_candidate_trains_within_the_cap(voice, job, corpus):
    store(job, job.try_claim(), rows_for(job, *(text(f"Fresh rye {n} every morning, come by.") for n in range(4))))
    Pair.objects.filter(made="candidate").update(status="validated")
    held = {row.pair for row in rows_of(voice).supervised_train}
    assert len(held) == 7  # six that people wrote, and one of four


def test_the_worker_ends_the_job_as_its_child_ended(voice, job, monkeypatch):
    """The child is a process of its own, so it sees no row of this test and says so."""
    monkeypatch.setattr(writingjobs, "HOLD_SECONDS", 0.1)
    writingjobs.run_writing.fn(str(job.pk))
    job.refresh_from_db()
    assert job.state == "failed" and "What is written so far stays" in job.error


def test_a_job_that_a_kill_left_behind_is_sent_again(job, sent):
    assert writingjobs.sweep() == 1 and sent == [str(job.pk)]
    job.try_claim()
    assert writingjobs.sweep() == 0
    Writing.objects.update(lease_until="2020-01-01T00:00Z")
    assert writingjobs.sweep() == 1


def test_the_child_gives_its_reason(db, job):
    with pytest.raises(CommandError, match="it was deleted"):
        call_command("write_candidates", str(uuid.uuid4()), "--claim", str(uuid.uuid4()))
    with pytest.raises(Exception, match="has lost its files"):
        write_candidates(job, job.try_claim())


def test_the_live_version_writes_them_all(voice, job, settings, monkeypatch):
    """With the starter itself, base alone: the whole way but for the process."""
    job.version.kind, job.version.adapter, job.version.base_model = "base", "", settings.BASE_MODEL
    job.version.save()
    job = Writing.objects.select_related("voice__client", "version").get(pk=job.pk)
    write_candidates(job, job.try_claim())
    job.refresh_from_db()
    assert job.written == 6 and job.made == voice.pairs.filter(made="candidate", status="draft").count()
    again = Writing.objects.select_related("voice__client", "version").get(pk=job.pk)
    write_candidates(again, again.claim)
    assert voice.pairs.count() == job.made
