"""The small cast of every test, and the clients that they work for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from reviews.models import Membership
from training.models import Brief, Client, ModelVersion, Pair, Sample, Voice
from voicelab.roles import Role


def person(name: str, client: Client | None = None, *roles: Role) -> User:
    email = f"{name}@example.com"
    user = User.objects.create_user(username=email, email=email, password="pear-tree-lamp", first_name=name.title())
    for role in roles:
        assert client is not None
        Membership.objects.create(user=user, client=client, role=role)
    return user


@pytest.fixture(autouse=True)
def _rounds_from_their_head(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody begins a round at its first item, so that a test knows what comes next; test_queue.py lifts it."""
    monkeypatch.setattr("reviews.queue.starting_place", lambda user, work: 0)


@pytest.fixture
def bakery(db: None) -> Client:
    return Client.objects.create(slug="bakery", name="The Corner Bakery")


@pytest.fixture
def voice(bakery: Client) -> Voice:
    return Voice.objects.create(
        client=bakery,
        slug="house",
        name="House voice",
        guidelines="Warm and local.",
        fact_sheet="12 Mill Lane.",
    )


@pytest.fixture
def rival(db: None) -> Voice:
    """Another client's voice: nobody of the bakery may see it."""
    client = Client.objects.create(slug="rival", name="The Rival Bakery")
    return Voice.objects.create(client=client, slug="rival-voice", name="Rival voice")


@pytest.fixture
def lena(bakery: Client) -> User:
    """Leads the bakery."""
    return person("lena", bakery, Role.LEAD)


@pytest.fixture
def cora(bakery: Client) -> User:
    """Writes copy for the bakery."""
    return person("cora", bakery, Role.COPYWRITER)


@pytest.fixture
def carl(bakery: Client) -> User:
    """The second copywriter."""
    return person("carl", bakery, Role.COPYWRITER)


@pytest.fixture
def anna(bakery: Client) -> User:
    """Annotates the bakery's corpus."""
    return person("anna", bakery, Role.ANNOTATOR)


@pytest.fixture
def ada(bakery: Client) -> User:
    """Manages the bakery's account."""
    return person("ada", bakery, Role.ACCOUNT_MANAGER)


@pytest.fixture
def stranger(rival: Voice) -> User:
    """Leads the rival, and has nothing to do with the bakery."""
    return person("steve", rival.client, Role.LEAD)


@pytest.fixture
def make_brief(voice: Voice) -> Callable[..., Brief]:
    def make(topic: str, split: str = "test", voice: Voice = voice, **fields: object) -> Brief:
        from training.corpus.brief import Brief as Content

        content = Content(channel="social", topic=topic, facts=("Price: £3.50", "on Friday"))
        return Brief.objects.create(
            voice=voice,
            split=split,
            digest=content.digest(),
            **{**content.as_dict(), "is_frozen": split == "test", **fields},
        )

    return make


@pytest.fixture
def base_version(voice: Voice) -> ModelVersion:
    return ModelVersion.objects.create(voice=voice, kind="base", number=0, base_model="voicelab-starter")


@pytest.fixture
def first_version(voice: Voice, base_version: ModelVersion) -> ModelVersion:
    return ModelVersion.objects.create(
        voice=voice, kind="adapter", number=1, base_model="voicelab-starter", adapter="v1", is_live=True
    )


@pytest.fixture
def make_sample(make_brief: Callable[..., Brief]) -> Callable[..., Sample]:
    def make(version: ModelVersion, brief: Brief | None = None, text: str = "", seed: int = 1) -> Sample:
        brief = brief or make_brief(f"bun number {Brief.objects.count()}", voice=version.voice)
        return Sample.objects.create(
            version=version,
            brief=brief,
            text=text or f"Copy by {version.number} about {brief.topic}.",
            seed=seed,
        )

    return make


@pytest.fixture
def make_pair(make_brief: Callable[..., Brief]) -> Callable[..., Pair]:
    def make(topic: str, split: str = "train", status: str = "validated", **fields: object) -> Pair:
        brief = make_brief(topic, split=split)
        values = {"voice": brief.voice, "brief": brief, "output": f"Come and taste {topic}.", **fields}
        return Pair.objects.create(status=status, **values)

    return make
