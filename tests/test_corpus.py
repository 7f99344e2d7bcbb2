"""Files in, passages and proposed briefs out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.corpus.brief import Brief, BriefError
from training.corpus.passages import MAXIMUM_WORDS, MINIMUM_WORDS, Piece, pieces, words
from training.corpus.reading.read import reading
from training.corpus.splits import split_of

VOICES = Path(__file__).resolve().parents[2] / "shared" / "data" / "voices"
POST = b"""---
title: "Sourdough Saturdays"
tags: [bread]
---
{% include nav.html %}

## Why we start at four

Our ovens wake up at 4 am so that the first **rye loaves** are ready by the time [Mill Lane](https://x.example)
does. They cost \xc2\xa33.50 each, and yes, you may hug them.

![a loaf](loaf.jpg)

## What to bring

- a bag that can take the heat, because paper gives up
- a friend who owes you one, and 20% off for both of you
- Order by Friday 14 March.
"""


def read(name, raw):
    return reading(name, raw).documents


def test_markdown_loses_its_markup_and_keeps_its_words():
    [document] = read("posts/sourdough.md", POST)
    assert document.title == "Sourdough Saturdays"
    text = "\n".join(block.text for block in document.blocks)
    assert "rye loaves" in text and "Mill Lane" in text and "yes, you may hug them." in text
    for gone in ("**", "](", "{%", "tags:", "loaf.jpg"):
        assert gone not in text
    assert "front matter taken off" in document.changes


def test_a_date_that_no_calendar_has_costs_the_title_alone():
    [document] = read("posts/rye.md", b"---\ntitle: Rye\ndate: 2024-02-30\n---\nWarm rye at four.\n")
    assert (document.title, document.blocks[0].text) == ("rye", "Warm rye at four.")


def test_headings_part_the_passages_and_lists_stay_lists():
    [document] = read("posts/sourdough.md", POST)
    first, second = pieces(document)
    assert first.heading == "Why we start at four"
    assert second.text.startswith("- a bag that can take the heat")


def test_csv_rows_may_bring_their_briefs():
    rows = "channel,topic,facts,output\nsocial,a bun,£2; on Friday,A bun on Friday for £2.\n"
    [document] = read("posts.csv", rows.encode())
    assert document.brief == Brief("social", "a bun", ("£2", "on Friday"))
    assert pieces(document)[0].text == "A bun on Friday for £2."


@given(st.lists(st.text(alphabet="ab .\n", max_size=400), max_size=6))
def test_passages_have_the_length_of_copy(parts):
    for document in read("a.txt", "\n\n".join(parts).encode()):
        for piece in pieces(document):
            assert MINIMUM_WORDS <= words(piece.text) <= MAXIMUM_WORDS


def test_a_brief_keeps_its_split_whatever_its_spacing_and_case():
    assert Brief("ad", "Fresh  bread").digest() != Brief("ad", "Rye bread").digest()
    assert Brief.from_dict({"channel": "ad", "topic": "Fresh  bread"}).digest() == Brief("ad", "fresh bread").digest()


def test_splits_come_out_about_eighty_ten_ten():
    import hashlib

    splits = [split_of(hashlib.sha256(str(number).encode()).hexdigest()) for number in range(4000)]
    assert 0.77 < splits.count("train") / 4000 < 0.83
    assert 0.08 < splits.count("test") / 4000 < 0.12


def test_a_brief_with_a_wrong_field_names_it():
    with pytest.raises(BriefError, match="topic is empty"):
        Brief.from_dict({"channel": "ad", "topic": " "})
    with pytest.raises(BriefError, match="facts is not a list"):
        Brief.from_dict({"channel": "ad", "topic": "x", "facts": {"a": 1}})


@pytest.mark.skipif(not VOICES.exists(), reason="the real voices lie in shared/, which is not here")
@pytest.mark.parametrize(("voice", "at_least"), [("based-cooking", 900), ("eighteenf", 4500), ("healthchecks", 400)])
def test_real_archives_become_passages(voice, at_least):
    found: list[Piece] = []
    for file in sorted((VOICES / voice / "docs").glob("*.md")):
        for document in read(file.name, file.read_bytes()):
            found += pieces(document)
    assert len(found) >= at_least
    # A few posts hold unfinished markup themselves.
    assert sum("{%" in piece.text or "](" in piece.text for piece in found) <= len(found) // 200
