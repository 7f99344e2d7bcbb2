"""One test walks every URL name with every kind of person; a name without a line in the table fails."""

import uuid

import pytest
from django.contrib.auth.models import User
from django.urls import get_resolver, reverse

from reviews.models import Item, Round
from reviews.models_lists import BulkAct
from reviews.models_validation import Lot
from training.models import Copy, DataSet, Focus, Import, Passage, Run, Snapshot, Source
from voicelab.roles import GRANTS, Can, Role

# With a token alone; tests/test_api.py walks the roles there.
PUBLIC, ANYBODY, TOKEN = "public", "anybody", "token"
# URL name -> what it needs, and the method it is walked with.
NEEDS = {
    "login": (PUBLIC, "get"),
    "health": (PUBLIC, "get"),
    "password_reset": (PUBLIC, "get"),
    "password_reset_done": (PUBLIC, "get"),
    "password_reset_complete": (PUBLIC, "get"),
    "password_reset_confirm": (PUBLIC, "get"),
    "logout": (ANYBODY, "post"),
    "password_change": (ANYBODY, "get"),
    "password_change_done": (ANYBODY, "get"),
    "home": (ANYBODY, "get"),
    "tokens": (ANYBODY, "get"),
    "api_imports": (TOKEN, "post"),
    "api_import": (TOKEN, "get"),
    "people": (Can.MANAGE, "get"),
    "person": (Can.MANAGE, "get"),
    "log": (Can.MANAGE, "get"),
    "voice": (Can.SEE, "get"),
    "sources": (Can.CURATE, "get"),
    "source": (Can.CURATE, "get"),
    "imports": (Can.CURATE, "get"),
    "importing": (Can.CURATE, "get"),
    "cancel_import": (Can.CURATE, "post"),
    "source_use": (Can.CURATE, "get"),
    "coverage": (Can.CURATE, "get"),
    "learned": (Can.CURATE, "get"),
    "snapshots": (Can.CURATE, "get"),
    "snapshot": (Can.CURATE, "get"),
    "cleaning": (Can.CURATE, "get"),
    "lines": (Can.CURATE, "get"),
    "duplicates": (Can.CURATE, "get"),
    "cluster": (Can.CURATE, "get"),
    "suggestions": (Can.CURATE, "get"),
    "words": (Can.CURATE, "get"),
    "passages": (Can.CURATE, "get"),
    "passage": (Can.CURATE, "get"),
    "pairs": (Can.CURATE, "get"),
    "saved_views": (Can.CURATE, "get"),
    "bulk_acts": (Can.CURATE, "get"),
    "bulk_act": (Can.CURATE, "get"),
    "pair": (Can.CURATE, "get"),
    "second_briefs": (Can.CURATE, "get"),
    "decisions": (Can.CURATE, "get"),
    "focuses": (Can.CURATE, "get"),
    "new_focus": (Can.CURATE, "get"),
    "focus": (Can.CURATE, "get"),
    "validation": (Can.CURATE, "get"),
    "draw": (Can.VALIDATE, "get"),
    "lot": (Can.CURATE, "get"),
    "validate": (Can.CURATE, "get"),
    "score": (Can.JUDGE, "get"),
    "compare": (Can.JUDGE, "get"),
    "edit": (Can.JUDGE, "get"),
    "runs": (Can.SEE, "get"),
    "run": (Can.SEE, "get"),
    "cancel": (Can.TRAIN, "post"),
    "dashboard": (Can.SEE, "get"),
    "brief": (Can.SEE, "get"),
    "promote": (Can.PROMOTE, "get"),
    "roll_back": (Can.PROMOTE, "get"),
    "export": (Can.EXPORT, "get"),
    "data": (Can.EXPORT, "get"),
    "data_set": (Can.CURATE, "get"),
}
# Arguments that name no row below the voice or client.
NO_ROW = {"client", "voice", "kind", "uidb64", "token"}
NAMES = sorted({pattern.name for pattern in get_resolver().url_patterns[0].url_patterns})
CAST = ["nobody", "stranger", "cora", "anna", "ada", "lena"]
ROLES = {"cora": Role.COPYWRITER, "anna": Role.ANNOTATOR, "ada": Role.ACCOUNT_MANAGER, "lena": Role.LEAD}


@pytest.fixture
def rows(voice, first_version, make_sample, make_pair, make_brief, cora):
    """One row of everything, of the bakery."""
    snapshot = Snapshot.objects.create(voice=voice, digest="0" * 64)
    run = Run.objects.create(voice=voice, snapshot=snapshot, state="finished", base_model="b")
    sample = make_sample(first_version)
    work = Round.objects.create(voice=voice, purpose="score")
    Item.objects.create(round=work, position=0, sample=sample)
    source = Source.objects.create(voice=voice, name="a.txt", kind="text", sha256="1" * 64, raw=b"x")
    reading = Round.objects.create(voice=voice, purpose="validate")
    plan = {"size": 1, "sample_size": 1, "limit": 0, "acceptable": 0.025, "rejectable": 0.1, "seed": 1}
    risks = {"producers_risk": 0.05, "consumers_risk": 0.1}
    lot = Lot.objects.create(voice=voice, number=1, round=reading, **plan, **risks)
    return {
        "client": "bakery",
        "voice": "house",
        "person": cora.pk,
        "source": source.pk,
        "importing": Import.objects.create(voice=voice, state="finished").pk,
        "snapshot": snapshot.pk,
        "passage": Passage.objects.create(source=source, position=0, original="x", text="x").pk,
        "copy": Copy.objects.create(voice=voice, lineage=uuid.uuid4(), size=1).pk,
        "pair": make_pair("a rye loaf").pk,
        "focus": Focus.objects.create(voice=voice, name="Too long").pk,
        "lot": lot.pk,
        "act": BulkAct.objects.create(voice=voice, kind="accept").pk,
        "sample": sample.pk,
        "run": run.pk,
        "brief": sample.brief.pk,
        "version": first_version.pk,
        "data_set": DataSet.objects.create(voice=voice, name="a.jsonl", channel="blog").pk,
        "kind": "pairs",
        "uidb64": "x",
        "token": "y",
    }


def arguments(name, rows):
    pattern = next(one for one in get_resolver().url_patterns[0].url_patterns if one.name == name)
    return {key: rows[key] for key in pattern.pattern.converters}


def test_the_table_names_every_url():
    assert set(NAMES) == set(NEEDS)


@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("name", NAMES)
def test_every_door_opens_for_the_right_people_alone(client, request, rows, name, who):
    need, method = NEEDS[name]
    if who != "nobody":
        client.force_login(request.getfixturevalue(who))
    response = getattr(client, method)(reverse(name, kwargs=arguments(name, rows)))
    if need == TOKEN:
        assert response.status_code == 401
    elif need == PUBLIC:
        assert response.status_code in (200, 302)
    elif who == "nobody":
        assert response.status_code == 302 and response.url.startswith(reverse("login"))
    elif need == ANYBODY:
        assert response.status_code in (200, 302)
    elif who == "stranger":
        assert response.status_code == 404
    elif need in GRANTS[ROLES[who]]:
        assert response.status_code in (200, 302)
    else:
        assert response.status_code == 403


@pytest.mark.parametrize("name", [name for name in NAMES if NEEDS[name][0] in list(Can)])
def test_a_row_of_another_client_is_not_here(client, lena, stranger, rival, rows, name):
    """The rival's lead asks for the bakery's rows below the rival's own voice."""
    own = arguments(name, rows)
    if not set(own) - NO_ROW:
        pytest.skip("it names no row below the voice or client")
    client.force_login(stranger)
    own["client"] = "rival"
    if "voice" in own:
        own["voice"] = "rival-voice"
    assert getattr(client, NEEDS[name][1])(reverse(name, kwargs=own)).status_code == 404


@pytest.mark.parametrize("name", [name for name in NAMES if NEEDS[name][0] in list(Can)])
def test_an_id_that_nobody_has_is_not_here(client, lena, rows, name):
    own = arguments(name, rows)
    ids = set(own) - NO_ROW - {"person"}
    if not ids:
        pytest.skip("it takes no id")
    client.force_login(lena)
    own[ids.pop()] = uuid.uuid4()
    assert getattr(client, NEEDS[name][1])(reverse(name, kwargs=own)).status_code == 404


def test_writing_needs_more_than_seeing(client, cora, rows):
    client.force_login(cora)
    below = {"client": "bakery", "voice": "house"}
    assert client.post(reverse("runs", kwargs=below), {}).status_code == 403
    assert client.post(reverse("voice", kwargs=below), {"name": "Mine now"}).status_code == 403


def test_a_deactivated_person_is_a_stranger(client, cora, rows):
    cora.memberships.update(is_active=False)
    client.force_login(cora)
    assert client.get(reverse("voice", kwargs={"client": "bakery", "voice": "house"})).status_code == 404


def test_a_superuser_has_no_standing_key(client, rows):
    client.force_login(User.objects.create_superuser("root", "root@example.com", "x"))
    assert client.get(reverse("voice", kwargs={"client": "bakery", "voice": "house"})).status_code == 404


def test_every_page_carries_the_strict_policy(client, cora, rows):
    client.force_login(cora)
    policy = client.get("/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
