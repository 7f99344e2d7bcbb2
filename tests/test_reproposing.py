"""Passages cleaned again get briefs as good as those of a fresh import."""

import pytest

from training.importing import briefs_for, import_files
from training.models import Pair, Voice
from training.recleaning import clean_again

POST = """---
title: How We Bake
---
We bake rye bread at 4 am, and the rye bread is warm at seven when the street is still asleep.

## Trust

You can write to jane@mail.example about a loaf. She bakes 30 loaves a day and knows them by name, so ask her.

You can also come to us. We are a team of 12 people who like to talk about bread at any time of the day, so come by.
"""


def bring(voice):
    list(import_files(voice, [("posts/how.md", POST.encode())]))


def contents(voice):
    return [pair.brief.content for pair in voice.pairs.current().order_by("passage__position")]


def switch(voice, *off):
    voice.rules_off = list(off)
    voice.save()
    while clean_again(voice):
        pass


@pytest.fixture
def fresh(voice):
    """The same voice of the same client, to which the post comes after the rule is switched off."""
    other = Voice.objects.create(client=voice.client, slug="other", name=voice.name, rules_off=["email"])
    bring(other)
    return contents(other)


def test_a_brief_that_nobody_touched_is_proposed_anew_as_by_an_import(voice, fresh):
    bring(voice)
    masked = contents(voice)
    assert masked != fresh and not any("jane" in fact for one in masked for fact in one.facts)
    switch(voice, "email")
    assert contents(voice) == fresh
    assert any("jane@mail.example" in one.facts for one in fresh)
    switch(voice)
    assert contents(voice) == masked


def test_a_brief_that_a_person_changed_only_loses_what_the_copy_says_no_more(voice):
    voice.rules_off = ["email"]
    voice.save()
    bring(voice)
    [pair] = voice.pairs.current().filter(output__contains="jane")
    theirs = type(pair.brief.content)("email", "Jane's loaves", ("jane@mail.example", "30 loaves a day"), "bakers")
    Pair.objects.filter(pk=pair.pk).update(brief=briefs_for(voice, [theirs])[theirs.digest()])
    switch(voice)
    [pair] = voice.pairs.current().filter(lineage=pair.lineage)
    assert "[e-mail]" in pair.output
    assert pair.brief.content == type(theirs)("email", "Jane's loaves", ("30 loaves a day",), "bakers")


def test_a_passage_that_never_had_a_pair_gets_the_brief_of_an_import(voice, fresh):
    voice.rules_off = ["email"]
    voice.save()
    bring(voice)
    Pair.objects.filter(output__contains="jane").delete()
    voice.passages_changed = None
    switch(voice)
    switch(voice, "email")
    assert contents(voice) == fresh
