"""The first page: what waits for this person, whatever their role."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reviews.findings import JOINER, SPACE
from reviews.models import Item, Round, Score, Task
from training.models import ModelVersion, Run, Snapshot, Voice


@pytest.fixture
def work(voice, base_version, first_version, make_brief, make_sample, make_pair):
    """Two samples to score, one comparison, one pair to decide."""
    samples = [make_sample(first_version) for _ in range(2)]
    score = Round.objects.create(voice=voice, purpose="score")
    for position, sample in enumerate(samples):
        Item.objects.create(round=score, position=position, sample=sample)
    compare = Round.objects.create(voice=voice, purpose="compare")
    other = make_sample(base_version, samples[0].brief)
    Item.objects.create(round=compare, position=0, sample=samples[0], other=other)
    make_pair("a rye loaf", status="proposed")
    return samples


def rate(sample, user, brand_voice, **more):
    Score.objects.create(
        sample=sample, reviewer=user, brand_voice=brand_voice, accuracy=4, creativity=4, overall=4, **more
    )


@pytest.mark.parametrize(
    ("who", "waits", "offers", "spares"),
    [
        ("cora", "2 to score, 1 to compare.", ["Score 2", "Compare 1"], ["Decide", "Import"]),
        ("anna", "1 pair to decide.", ["Decide 1 pair"], ["Score 2", "Compare 1"]),
        ("ada", "", ["Dashboard", "Nothing waits for you"], ["Score 2", "Decide", "Import"]),
        ("lena", "2 to score, 1 to compare, 1 pair to decide.", ["Score 2", "Compare 1", "Decide 1 pair"], []),
    ],
)
def test_each_role_sees_what_waits_for_it(client, request, work, who, waits, offers, spares):
    client.force_login(request.getfixturevalue(who))
    text = client.get("/").text
    assert waits in text
    assert all(offer in text for offer in offers)
    assert not any(spare in text for spare in spares)


def test_what_a_person_has_judged_no_longer_waits(client, work, cora):
    item = Item.objects.filter(round__purpose="score").first()
    Task.objects.create(item=item, reviewer=cora, state="done", expires_at=timezone.now())
    client.force_login(cora)
    assert "1 to score" in client.get("/").text


def test_the_annotator_with_nothing_to_decide_is_offered_the_import(client, voice, anna):
    client.force_login(anna)
    assert "Import copy" in client.get("/").text


def test_a_card_tells_how_the_live_version_stands(client, work, ada, cora, carl):
    """By people's scores of test texts, each text once; simulated and demo judgements stay out."""
    rate(work[0], cora, 5)
    rate(work[0], carl, 4)
    rate(work[1], cora, 2)
    rate(work[1], carl, 5, origin="simulated")
    rate(work[1], carl, 5, origin="demo")
    client.force_login(ada)
    text = client.get("/").text.replace(SPACE, " ").replace(JOINER, "")
    assert "On voice: 50 % (9–91) of 2 texts, target 85 %" in text


def test_a_lead_sees_the_run_that_is_on_and_what_was_flagged(client, voice, work, lena, cora):
    snapshot = Snapshot.objects.create(voice=voice, digest="0" * 64)
    run = Run.objects.create(voice=voice, snapshot=snapshot, state="running", base_model="b")
    item = Item.objects.filter(round__purpose="score").first()
    Task.objects.create(item=item, reviewer=cora, state="flagged", expires_at=timezone.now(), done_at=timezone.now())
    client.force_login(lena)
    text = client.get("/").text
    assert reverse("run", args=["bakery", "house", run.pk]) in text and "1 for you to look at" in text
    client.force_login(cora)
    assert "for you to look at" not in client.get("/").text


def test_a_person_of_no_client_is_told_whom_to_ask(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("nina"))
    assert "A lead of a client can invite you" in client.get("/").text


def test_the_search_is_offered_when_there_are_many_voices(client, bakery, voice, cora):
    client.force_login(cora)
    assert 'type="search"' not in client.get("/").text
    for number in range(8):
        Voice.objects.create(client=bakery, slug=f"voice-{number}", name=f"Voice {number}")
    assert 'type="search"' in client.get("/").text
    # The menu holds the first few and leads to the rest.
    menu = client.get("/").text.partition("</nav>")[0]
    assert menu.count("/voices/") == 6 and "All voices" in menu
    page = client.get("/", {"q": "voice 3"})
    assert [row["voice"].name for row in page.context["rows"]] == ["Voice 3"]
    assert "No voice matches “zebra”" in client.get("/", {"q": "zebra"}).text


@pytest.mark.parametrize("page", ["home", "voice", "compare"])
def test_queries_do_not_grow_with_voices_and_work(
    client, bakery, voice, work, make_sample, make_pair, lena, cora, page
):
    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(reverse(page, args=[] if page == "home" else ["bakery", "house"]))
        return len(found)

    client.force_login(lena)
    queries()  # a comparison is leased now
    few = queries()
    for number in range(6):
        more = Voice.objects.create(client=bakery, slug=f"voice-{number}", name=f"Voice {number}")
        version = ModelVersion.objects.create(voice=more, kind="base", number=0, base_model="b", is_live=True)
        sample = make_sample(version)
        rate(sample, cora, 4)
        mine = make_sample(work[0].version)
        other = make_sample(ModelVersion.objects.get(voice=voice, number=0), mine.brief)
        for position, (purpose, against) in enumerate((("score", None), ("compare", other))):
            open_round = Round.objects.filter(voice=voice, purpose=purpose).first()
            item = Item.objects.create(round=open_round, position=10 + number, sample=mine, other=against)
            if position == 0:
                Task.objects.create(
                    item=item, reviewer=cora, state="flagged", expires_at=timezone.now(), done_at=timezone.now()
                )
        make_pair(f"loaf {number}", status="proposed")
    assert queries() == few


@pytest.mark.parametrize("name", ["home", "people", "log", "sources", "pairs", "runs", "passages", "lines"])
def test_a_search_for_what_is_no_text_fails_on_no_list(client, lena, voice, name):
    """PostgreSQL takes no NUL, wherever it comes from."""
    client.force_login(lena)
    args = (
        [] if name == "home" else [voice.client.slug] if name in ("people", "log") else [voice.client.slug, voice.slug]
    )
    assert client.get(reverse(name, args=args), {"q": "bun\0"}).status_code == 200
