"""The review desk: who gets what, one post a judgement, and what becomes of it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reviews import queue, scoring
from reviews.models import Comparison, Edit, Item, Round, Score, Task
from reviews.views.edit import word_diff
from training.models import Pair, Preference

RATINGS = {"brand_voice": 4, "accuracy": 5, "creativity": 3, "overall": 4}


@pytest.fixture
def score_round(voice):
    return Round.objects.create(voice=voice, purpose="score")


@pytest.fixture
def scored(score_round, first_version, make_sample):
    """Three samples to score."""
    samples = [make_sample(first_version) for _ in range(3)]
    return [Item.objects.create(round=score_round, position=n, sample=one) for n, one in enumerate(samples)]


@pytest.fixture
def compared(voice, base_version, first_version, make_brief, make_sample):
    """One pair of samples of a training brief to compare."""
    brief = make_brief("a rye loaf", split="train")
    left = make_sample(first_version, brief, "Rye so good it blushes.")
    right = make_sample(base_version, brief, "We sell rye bread.")
    work = Round.objects.create(voice=voice, purpose="compare")
    return Item.objects.create(round=work, position=0, sample=left, other=right)


def where(name, voice, **more):
    return reverse(name, kwargs={"client": voice.client.slug, "voice": voice.slug, **more})


def test_two_writers_never_get_the_same_item(voice, scored, cora, carl):
    first = queue.next_task(cora, voice, "score")
    second = queue.next_task(carl, voice, "score")
    assert first.item != second.item
    assert queue.next_task(cora, voice, "score") == first


def test_an_item_that_wants_two_goes_to_two(voice, scored, cora, carl, ada):
    Item.objects.exclude(pk=scored[0].pk).delete()
    Item.objects.update(wanted=2)
    assert queue.next_task(cora, voice, "score").item == queue.next_task(carl, voice, "score").item
    assert queue.next_task(ada, voice, "score") is None
    assert queue.progress(ada, [voice])[voice.pk, "score"][:3] == (0, 0, 1)


def test_an_expired_lease_goes_on_and_the_late_answer_is_kept(voice, scored, cora, carl):
    Item.objects.exclude(pk=scored[0].pk).delete()
    late = queue.next_task(cora, voice, "score")
    Task.objects.update(expires_at=timezone.now())
    taken = queue.next_task(carl, voice, "score")
    assert taken.item == late.item
    scoring.record_score(taken, RATINGS)
    scoring.record_score(late, RATINGS)
    assert Score.objects.count() == 2
    assert Item.objects.get().wanted == 0


def test_one_post_stores_the_score_and_brings_the_next(client, voice, scored, cora):
    client.force_login(cora)
    page = client.get(where("score", voice))
    task = page.context["task"]
    response = client.post(where("score", voice), {"task": task.pk, **RATINGS}, headers={"HX-Request": "true"})
    assert response.status_code == 200 and "<html" not in response.text
    assert response.context["task"].item == scored[1]
    assert "HX-Request" in response["Vary"]
    assert Score.objects.get().overall == 4
    # The same post again: a double click, or a reload.
    client.post(where("score", voice), {"task": task.pk, **RATINGS})
    assert Score.objects.count() == 1


def test_a_score_without_a_rating_says_which_and_keeps_the_rest(client, voice, scored, cora):
    client.force_login(cora)
    task = client.get(where("score", voice)).context["task"]
    given = {"task": task.pk, "brand_voice": 4, "comment": "Too shy"}
    response = client.post(where("score", voice), given)
    assert response.status_code == 422
    assert "Rate accuracy from 1 to 5." in response.text and "Too shy" in response.text
    assert 'value="4" checked' in response.text
    assert not Score.objects.exists()


def test_a_colleagues_task_cannot_be_answered(client, voice, scored, cora, carl):
    task = queue.next_task(carl, voice, "score")
    client.force_login(cora)
    assert client.post(where("score", voice), {"task": task.pk, **RATINGS}).status_code == 404


def test_a_skipped_item_goes_to_a_colleague(client, voice, scored, cora, carl):
    client.force_login(cora)
    task = client.get(where("score", voice)).context["task"]
    client.post(where("score", voice), {"task": task.pk, "act": "skip"})
    assert queue.next_task(cora, voice, "score").item != task.item
    assert queue.next_task(carl, voice, "score").item == task.item


def test_a_comparison_shows_two_texts_and_nothing_else_of_them(client, voice, compared, cora):
    """Swap the sides, and the whole answer, headers included, is the same but for the two texts changing places."""
    client.force_login(cora)
    seen = []
    for is_swapped in (False, True):
        client.get(where("compare", voice))
        Task.objects.update(is_swapped=is_swapped)
        response = client.get(where("compare", voice))
        left, right = compared.sample.text, compared.other.text
        if is_swapped:
            left, right = right, left
        text = re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", response.text)
        assert text.index(left) < text.index(right)
        seen.append((text.replace(left, "LEFT").replace(right, "RIGHT"), dict(response.headers)))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("is_swapped", [True, False])
def test_a_comparison_names_no_version_sample_or_model(client, voice, compared, cora, is_swapped):
    client.force_login(cora)
    client.get(where("compare", voice))
    Task.objects.update(is_swapped=is_swapped)
    response = client.get(where("compare", voice))
    answer = response.text + str(response.headers) + str(response.cookies)
    answer = re.sub(r'(csrfmiddlewaretoken" value="|(?:csrftoken|sessionid)=)\w+', r"\1", answer)  # chance may spell v1
    for row in (compared.sample, compared.other):
        for told in (row.pk, row.version_id, row.version.label, row.version.adapter or None, row.version.base_model):
            assert told is None or str(told).lower() not in answer.lower()
    assert str(compared.pk) not in answer


def test_sides_are_drawn_for_each_reviewer(voice, compared, cora):
    seen = set()
    for _ in range(30):
        Task.objects.all().delete()
        seen.add(queue.next_task(cora, voice, "compare").is_swapped)
    assert seen == {True, False}


@pytest.mark.parametrize("is_swapped", [True, False])
@pytest.mark.parametrize("verdict", ["left", "right"])
def test_a_vote_becomes_a_preference_whatever_the_sides(voice, compared, cora, verdict, is_swapped):
    task = queue.next_task(cora, voice, "compare")
    Task.objects.update(is_swapped=is_swapped)
    task.refresh_from_db()
    scoring.record_comparison(task, verdict)
    left_is_first = not is_swapped
    expected = compared.sample if (verdict == "left") == left_is_first else compared.other
    preference = Preference.objects.get()
    assert preference.chosen == expected.text
    assert (preference.strength, preference.source, preference.origin) == (1.0, "comparison", "human")
    vote = Comparison.objects.get()
    assert (vote.left if verdict == "left" else vote.right) == expected


@pytest.mark.parametrize("verdict", ["equal", "both_bad"])
def test_no_preference_comes_from_a_tie(voice, compared, cora, verdict):
    scoring.record_comparison(queue.next_task(cora, voice, "compare"), verdict)
    assert not Preference.objects.exists()


def test_a_clear_gap_between_two_scores_makes_a_weaker_preference(
    voice, score_round, base_version, first_version, make_brief, make_sample, cora
):
    brief = make_brief("a rye loaf", split="train")
    for position, (version, overall) in enumerate([(base_version, 2), (first_version, 5)]):
        item = Item.objects.create(round=score_round, position=position, sample=make_sample(version, brief))
        task = Task.objects.create(item=item, reviewer=cora, expires_at=timezone.now())
        scoring.record_score(task, {**RATINGS, "overall": overall, "brand_voice": overall})
    preference = Preference.objects.get()
    assert (preference.source, preference.strength) == ("scores", 0.5)
    assert preference.chosen.startswith("Copy by 1")


def test_a_well_scored_sample_of_a_validation_brief_becomes_validation_data(
    score_round, first_version, make_brief, make_sample, cora
):
    for position, split in enumerate(("validation", "train", "test")):
        sample = make_sample(first_version, make_brief(f"a loaf to {split}", split=split))
        item = Item.objects.create(round=score_round, position=position, sample=sample)
        scoring.record_score(Task.objects.create(item=item, reviewer=cora, expires_at=timezone.now()), RATINGS)
    pair = Pair.objects.get()
    assert (pair.brief.split, pair.made, pair.status) == ("validation", "score", "validated")


@pytest.mark.parametrize(("split", "pairs"), [("train", 1), ("validation", 1), ("test", 0)])
def test_an_edit_gives_a_preference_and_a_pair_but_never_trains_on_a_test_brief(
    client, voice, first_version, make_brief, make_sample, cora, split, pairs
):
    client.force_login(cora)
    sample = make_sample(first_version, make_brief("a rye loaf", split=split), "We sell rye.")
    response = client.post(where("edit", voice, sample=sample.pk), {"text": "We sell warm rye."})
    assert "<ins>" in response.text
    assert Edit.objects.get().distance == 5
    preference = Preference.objects.get()
    assert (preference.chosen, preference.rejected, preference.strength) == ("We sell warm rye.", "We sell rye.", 0.8)
    assert Pair.objects.filter(made="edit").count() == pairs
    assert Preference.objects.for_training().count() == pairs


@pytest.mark.parametrize(
    ("sent", "kept"), [("41.5", 41.5), ("", None), ("nan", None), ("-3", None), ("1e9", None), ("soon", None)]
)
def test_an_edit_keeps_the_seconds_that_were_measured_and_no_false_ones(
    client, voice, first_version, make_sample, cora, sent, kept
):
    client.force_login(cora)
    sample = make_sample(first_version, text="We sell rye.")
    response = client.post(
        where("edit", voice, sample=sample.pk), {"text": "We sell warm rye.", "active_seconds": sent}
    )
    assert response.status_code == 200
    assert Edit.objects.get().active_seconds == kept
    assert ("seconds of work" in response.text) == (kept is not None)


def test_the_edit_page_shows_the_draft_beside_the_copy_and_then_what_changed(
    client, voice, first_version, make_sample, cora
):
    client.force_login(cora)
    sample = make_sample(first_version, text="We sell rye.")
    assert client.get(where("edit", voice, sample=sample.pk)).text.count("We sell rye.") == 2
    response = client.post(where("edit", voice, sample=sample.pk), {"text": "We bake warm rye."})
    assert "We <del>sell</del><ins>bake warm</ins> rye." in response.text


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("We sell rye.", "We sell rye.  Warm.", "We sell rye.[+  Warm.]"),
        ("Fine old rye for all.", "Warm new rye for all.", "[-Fine old][+Warm new] rye for all."),
        ("One.\n\nTwo.", "One.\n\nThree.", "One.\n\n[-Two.][+Three.]"),
        ("Gone soon.", "Here.", "[-Gone soon.][+Here.]"),
    ],
)
def test_a_diff_reads_in_phrases_and_drops_nothing(before, after, shown):
    marks = {"same": "{}", "del": "[-{}]", "ins": "[+{}]"}
    diff = word_diff(before, after)
    assert "".join(marks[kind].format(text) for kind, text in diff) == shown
    assert "".join(text for kind, text in diff if kind != "ins") == before
    assert "".join(text for kind, text in diff if kind != "del") == after


def test_an_edit_without_a_change_is_refused_kindly(client, voice, first_version, make_sample, cora):
    client.force_login(cora)
    sample = make_sample(first_version, text="We sell rye.")
    response = client.post(where("edit", voice, sample=sample.pk), {"text": "We sell  rye."})
    assert response.status_code == 422 and "Nothing was changed" in response.text


def test_a_second_tab_is_told_that_the_first_answer_stands(client, voice, scored, cora):
    client.force_login(cora)
    task = client.get(where("score", voice)).context["task"]
    client.post(where("score", voice), {"task": task.pk, **RATINGS})
    second = {"task": task.pk, **RATINGS, "overall": 1}
    assert "your first answer stands" in client.post(where("score", voice), second, follow=True).text
    assert "your first answer stands" in client.post(where("score", voice), {**second, "act": "skip"}, follow=True).text
    assert Score.objects.get().overall == 4
    assert Task.objects.get(pk=task.pk).state == "done"


def test_an_answer_that_comes_after_the_round_closed_is_kept(client, voice, scored, score_round, cora):
    client.force_login(cora)
    task = client.get(where("score", voice)).context["task"]
    Round.objects.update(is_open=False)
    assert "Saved" in client.post(where("score", voice), {"task": task.pk, **RATINGS}, follow=True).text
    assert Score.objects.count() == 1


@pytest.mark.parametrize("plain", [True, False], ids=["plain form", "htmx"])
def test_an_answer_can_be_taken_back_and_changed(client, voice, scored, cora, plain):
    client.force_login(cora)
    headers = {} if plain else {"HX-Request": "true"}
    task = client.get(where("score", voice)).context["task"]
    answer = {"task": task.pk, **RATINGS, "comment": "Too shy"}
    after = client.post(where("score", voice), answer, headers=headers, follow=True)
    assert "Take it back" in after.text
    back = {"done": task.pk, "act": "take_back"}
    page = client.post(where("score", voice), back, headers=headers, follow=True)
    assert page.context["task"] == task and "Too shy" in page.text
    assert not Score.objects.exists()
    client.post(where("score", voice), {**answer, "overall": 1}, headers=headers)
    assert Score.objects.get().overall == 1


def test_after_a_reload_the_last_answer_can_still_be_taken_back(client, voice, scored, cora):
    client.force_login(cora)
    task = client.get(where("score", voice)).context["task"]
    answer = client.post(where("score", voice), {"task": task.pk, **RATINGS}, headers={"HX-Request": "true"})
    page = client.get(answer["HX-Replace-Url"])
    assert page.context["done"] == task.pk and "Take it back" in page.text


@pytest.mark.parametrize("act", ["skip", "flag"])
def test_a_reason_is_kept_whole_and_comes_back_with_the_task(client, voice, scored, cora, act):
    client.force_login(cora)
    task = client.get(where("score", voice)).context["task"]
    reason = "It names a rival. " * 100
    client.post(where("score", voice), {"task": task.pk, "act": act, "comment": reason})
    assert Task.objects.get(pk=task.pk).note == reason.strip()
    page = client.post(where("score", voice), {"done": task.pk, "act": "take_back"})
    assert reason.strip() in page.text


def test_a_skip_can_be_taken_back(client, voice, scored, cora):
    client.force_login(cora)
    task = client.get(where("score", voice)).context["task"]
    client.post(where("score", voice), {"task": task.pk, "act": "skip"})
    client.post(where("score", voice), {"done": task.pk, "act": "take_back"})
    assert client.get(where("score", voice)).context["task"] == task


def test_a_colleagues_answer_cannot_be_taken_back(client, voice, scored, cora, carl):
    task = queue.next_task(carl, voice, "score")
    scoring.record_score(task, RATINGS)
    client.force_login(cora)
    assert client.post(where("score", voice), {"done": task.pk, "act": "take_back"}).status_code == 404
    assert Score.objects.exists()


def test_a_vote_taken_back_is_no_preference(client, voice, compared, cora):
    client.force_login(cora)
    task = client.get(where("compare", voice)).context["task"]
    client.post(where("compare", voice), {"task": task.pk, "verdict": "left", "comment": "Warmer"})
    assert Preference.objects.exists()
    page = client.post(where("compare", voice), {"done": task.pk, "act": "take_back"})
    assert 'value="left" checked' in page.text and "Warmer" in page.text
    assert not (Preference.objects.exists() or Comparison.objects.exists())


def test_a_flag_carries_its_reason_to_the_lead(client, voice, scored, cora, lena):
    client.force_login(cora)
    task = client.get(where("score", voice)).context["task"]
    client.post(where("score", voice), {"task": task.pk, "act": "flag", "comment": "Names a rival"})
    assert "Names a rival" not in client.get(where("voice", voice)).text
    client.force_login(lena)
    assert "Names a rival" in client.get(where("voice", voice)).text


def test_progress_and_the_end_are_told(client, voice, scored, compared, cora):
    client.force_login(cora)
    for done in range(3):
        page = client.get(where("score", voice))
        assert f"{done} done, {3 - done} left for you." in page.text
        answer = {"task": page.context["task"].pk, **RATINGS}
        last = client.post(where("score", voice), answer, headers={"HX-Request": "true"})
    assert "That was all: 3 scored." in last.text and "Compare 1" in last.text
    assert "Take it back" in last.text


def test_guidelines_are_read_as_markdown_and_run_nothing(client, voice, scored, cora):
    voice.guidelines = "## Tone\n\n**Warm.** <script>alert(1)</script> ![x](https://else.where/x.png)\n\n- a\n- b"
    voice.save()
    client.force_login(cora)
    text = client.get(where("score", voice)).text
    assert "<h3>Tone</h3>" in text and "<strong>Warm.</strong>" in text and "<li>a</li>" in text
    assert "<script>alert" not in text and "<img" not in text


def test_queries_do_not_grow_with_samples(client, voice, scored, score_round, first_version, make_sample, cora):
    def post():
        task = client.get(where("score", voice)).context["task"]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.post(where("score", voice), {"task": task.pk, **RATINGS}, headers={"HX-Request": "true"})
        return len(queries)

    client.force_login(cora)
    few = post()
    for position in range(10, 40):
        Item.objects.create(round=score_round, position=position, sample=make_sample(first_version))
    assert post() == few
