"""Evidence by itself: which briefs the versions answer after a run."""

import pytest

from training.engine.base import Base
from training.engine.writing import Written
from training.evidence import gather, practice_briefs
from training.models import Brief, ModelVersion, Sample


@pytest.fixture
def briefs(make_pair, settings):
    """Thirty training and fifteen validation briefs with validated copy; twelve practice briefs a round."""
    settings.PRACTICE_BRIEFS = 12
    for split, count in {"train": 30, "validation": 15}.items():
        for number in range(count):
            make_pair(f"{split} {number}", split=split)
    return Brief.objects.all()


def adapters(voice, *numbers):
    return [
        ModelVersion.objects.create(voice=voice, kind="adapter", number=number, adapter=f"v{number}")
        for number in numbers
    ]


def test_every_round_has_other_practice_briefs_until_all_had_their_turn(voice, briefs, base_version):
    adapters(voice, 1, 2, 3, 4, 5)
    rounds = [practice_briefs(voice, number) for number in (1, 2, 3, 4, 5)]
    for chosen in rounds:
        assert [brief.split for brief in chosen] == ["train"] * 8 + ["validation"] * 4
        assert len(set(chosen)) == 12
    first_three = [brief for chosen in rounds[:3] for brief in chosen]
    assert len(set(first_three)) == 36
    assert set(rounds[3]) & set(rounds[0]), "After the last brief the first comes again."
    assert set().union(*rounds) == set(briefs)


def test_practice_briefs_are_those_that_there_are_when_there_are_few(voice, make_pair, settings):
    settings.PRACTICE_BRIEFS = 12
    only = make_pair("the only one", split="train").brief
    adapters(voice, 1, 2)
    assert practice_briefs(voice, 1) == practice_briefs(voice, 2) == [only]


def test_the_new_version_and_the_one_it_is_compared_with_practise_the_same_briefs(
    voice, briefs, base_version, make_brief, monkeypatch
):
    frozen = make_brief("a frozen one")
    base = Base(model=None, tokenizer=None, name="voicelab-starter", digest="d", parameters=1)

    def write_all(base, version, briefs, how):
        return [Written(text=brief.topic, tokens=1) for brief in briefs]

    def practised(version):
        return set(Brief.objects.filter(samples__version=version)) - {frozen}

    monkeypatch.setattr("training.evidence.write_all", write_all)
    first, second = adapters(voice, 1, 2)
    gather(first, base)
    early = set(practice_briefs(voice, 1))
    assert practised(base_version) == practised(first) == early
    ModelVersion.objects.filter(pk=first.pk).update(is_live=True)
    gather(second, base)
    late = set(practice_briefs(voice, 2))
    assert practised(second) == late and practised(first) == early | late and practised(base_version) == early
    assert Sample.objects.filter(brief=frozen).count() == 3
