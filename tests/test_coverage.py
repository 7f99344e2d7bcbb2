"""What the coverage page says a corpus has, lacks and would gain."""

from datetime import date

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from reviews.coverage import Channel, Coverage, Share, coverage_of
from reviews.missing import requests
from training.models import Copy, LossPoint, PairLoss, Passage, Run, Snapshot, Source

PAGE = {"client": "bakery", "voice": "house"}


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture
def signed_in(client, anna):
    client.force_login(anna)
    return client


def asks(covered, **changes):
    return [one.ask for one in requests(covered, changes.get("target", 5000), 0.85, 2026)]


def test_an_empty_corpus_says_what_to_do(signed_in, voice):
    page = signed_in.get(reverse("coverage", kwargs=PAGE)).content.decode()
    assert "0 of 5,000 pairs validated" in page
    assert "Validate 5,000 more pairs." in page
    assert "Nothing was validated in the last 4 weeks." in page


def test_the_page_counts_what_is_validated_and_where_it_comes_from(signed_in, voice, make_pair):
    source = Source.objects.create(voice=voice, name="spring.docx", kind="docx", sha256="a" * 64, raw=b"x")
    passage = Passage.objects.create(source=source, position=0, published=date(2019, 4, 1))
    now = timezone.now()
    make_pair("a plum bun", passage=passage, words=30, unexplained=2, decided_at=now)
    make_pair("a rye loaf", words=90, decided_at=now)
    make_pair("a gift box", status="proposed")
    make_pair("an old tart", status="rejected")
    page = signed_in.get(reverse("coverage", kwargs=PAGE)).content.decode()
    assert "2 of 5,000 pairs validated" in page and "1 wait for a decision" in page
    assert "2 were validated in the last 4 weeks; at that pace the rest takes more than three years." in page
    assert "spring.docx" in page and "2019: 1; 1 without a date" in page
    assert "Mend the briefs of 1 pair." in page
    assert "rye <span" in page and "tart <span" not in page


def test_near_copies_that_are_left_out_are_counted(signed_in, voice, make_pair):
    make_pair("a plum bun")
    source = Source.objects.create(voice=voice, name="spring.docx", kind="docx", sha256="a" * 64, raw=b"x")
    texts = [Passage.objects.create(source=source, position=number) for number in range(3)]
    kept = Copy.objects.create(voice=voice, passage=texts[0], size=3)
    for text in texts[1:]:
        Copy.objects.create(voice=voice, passage=text, kept=kept, similarity=0.9)
    page = signed_in.get(reverse("coverage", kwargs=PAGE)).content.decode()
    assert f'<a href="{reverse("duplicates", kwargs=PAGE)}">2</a>' in page


def test_a_pair_that_is_decided_shows_at_once(signed_in, voice, make_pair):
    pair = make_pair("a plum bun", status="proposed")
    assert coverage_of(voice).validated == 0
    pair.status = "validated"
    pair.save()
    assert coverage_of(voice).validated == 1


def test_the_wanted_mix_becomes_requests_by_channel(signed_in, voice, make_pair):
    make_pair("a plum bun")
    form = {"target": 200, "social": 75, "email": 25}
    assert signed_in.post(reverse("coverage", kwargs=PAGE), form).status_code == 302
    page = signed_in.get(reverse("coverage", kwargs=PAGE)).content.decode()
    assert "Social media post: 149 pairs to go." in page and "E-mail: 50 pairs to go." in page
    assert page.index("149 pairs to go") < page.index("50 pairs to go")
    listed = signed_in.get(reverse("coverage", kwargs=PAGE), {"format": "csv"}).content.decode()
    assert "Social media post: 149 pairs to go." in listed


def test_shares_that_are_no_whole_are_refused_with_their_sum(signed_in, voice):
    response = signed_in.post(reverse("coverage", kwargs=PAGE), {"target": 200, "social": 70, "email": 20})
    assert response.status_code == 422 and "add up to 90 %" in response.content.decode()
    voice.refresh_from_db()
    assert voice.channel_mix == {} and voice.target_pairs == 5000


@pytest.mark.parametrize(
    ("covered", "ask"),
    [
        (Coverage(channels=[Channel("ad", "Ad", scored=10, on_voice=4)]), "Ad: get more of the client's best."),
        (Coverage(channels=[Channel("ad", "Ad", validated=40, calls=2)]), "Ad: get copy that asks"),
        (Coverage(thin=[("rye", 6, 0)]), "Find copy about: rye (0)."),
        (Coverage(validated=200, sources=[Share("x", "a.csv", 150, 75.0)]), "Import from other sources."),
        (Coverage(validated=100, machine=40), "Add copy that people wrote."),
        (Coverage(validated=9, years=[(2015, 6), (2026, 3)]), "Get this year's copy."),
    ],
)
def test_each_lack_is_a_request_and_its_absence_none(covered, ask):
    assert any(one.startswith(ask) for one in asks(covered))
    assert not any(one.startswith(ask) for one in asks(Coverage(validated=5000)))


def test_the_number_of_queries_does_not_grow_with_the_pairs(signed_in, voice, make_pair, django_assert_max_num_queries):
    for number in range(12):
        make_pair(f"bun {number}")
    with django_assert_max_num_queries(30) as few:
        signed_in.get(reverse("coverage", kwargs=PAGE))
    for number in range(12, 40):
        make_pair(f"bun {number}")
    with django_assert_max_num_queries(len(few)):
        signed_in.get(reverse("coverage", kwargs=PAGE))


def run_on(voice, pairs, loss, number):
    snapshot = Snapshot.objects.create(voice=voice, digest=f"{number:064}", counts={"supervised_train": pairs})
    run = Run.objects.create(voice=voice, snapshot=snapshot, state="finished", base_model="voicelab-starter")
    LossPoint.objects.create(run=run, stage="supervised", step=0, validation_loss=loss + 1)
    LossPoint.objects.create(run=run, stage="supervised", step=9, validation_loss=loss)
    LossPoint.objects.create(run=run, stage="preference", step=1, validation_loss=0.1)
    return run


def test_three_runs_tell_what_more_pairs_would_bring(signed_in, voice):
    for number, pairs in enumerate((100, 400)):
        run_on(voice, pairs, 3 * pairs**-0.1, number)
    page = signed_in.get(reverse("coverage", kwargs=PAGE)).content.decode()
    assert "Not known yet: 3 finished runs" in page
    run_on(voice, 1000, 3 * 1000**-0.1, 9)
    page = signed_in.get(reverse("coverage", kwargs=PAGE)).content.decode()
    assert "500 more pairs should bring the validation loss from 1.50 to 1.44 (1.44-1.44), 4 % less." in page


def test_pairs_that_a_run_could_not_learn_are_listed_worst_first(signed_in, voice, make_pair):
    run = run_on(voice, 30, 1.5, 1)
    for number in range(30):
        PairLoss.objects.create(run=run, pair=make_pair(f"bun {number}"), loss=1.5)
    for topic, loss in (("a riddle", 6.0), ("a worse riddle", 7.0), ("a slogan", 0.01)):
        PairLoss.objects.create(run=run, pair=make_pair(topic), loss=loss)
    PairLoss.objects.create(run=run, pair=make_pair("kept apart", split="validation"), loss=9.0)
    hard = signed_in.get(reverse("learned", kwargs=PAGE)).content.decode()
    assert "2 pairs not learnt" in hard and hard.index("a worse riddle") < hard.index(">a riddle<")
    assert "a slogan" not in hard and "kept apart" not in hard
    heart = signed_in.get(reverse("learned", kwargs=PAGE), {"kind": "heart", "format": "csv"}).content.decode()
    assert "a slogan" in heart and "riddle" not in heart


def test_without_a_run_the_list_says_so(signed_in, voice):
    assert "No run has told yet" in signed_in.get(reverse("learned", kwargs=PAGE)).content.decode()


def test_a_subject_is_thin_when_versions_were_asked_for_it_not_when_it_was_only_imported(
    voice, make_brief, make_pair, make_sample, base_version
):
    for number in range(3):
        make_brief(f"trombone lessons {number}", split="test", is_frozen=False)
        make_sample(base_version, make_brief(f"gooseberry tart {number}", split="train"))
    assert {subject for subject, _, _ in coverage_of(voice).thin} == {"gooseberry", "tart"}
