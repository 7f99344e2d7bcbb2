"""The demo bakery's pairs: enough of them, true to their briefs, and no two alike."""

import json
import re
from collections import Counter

import pytest

from reviews.demo import bakery_grammar as grammar
from training.corpus.brief import Brief

CHANNELS = ("ad", "blog", "email", "social")
GUIDE = (grammar.HERE / "bakery.md").read_text("utf-8")
BANNED_LIST = GUIDE.partition("**Banned words and phrases:**")[2].partition(".\n\n")[0]
BANNED = [word.strip(' "') for word in BANNED_LIST.replace("\n", " ").split(",")]
CAPITALISED_BY_CUSTOM = {"I", "I'd", "I'm", "I've"}
EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")


@pytest.fixture(scope="module")
def rows():
    with open(grammar.HERE / "bakery.jsonl", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.fixture(scope="module")
def fact_sheet():
    return GUIDE.casefold()


def asked(row):
    return " ".join([row["topic"], *row["facts"], row["audience"], row["call_to_action"]]).casefold()


def name(row):
    return f"{row['channel']}, {row['topic']}"


def test_there_are_enough_pairs_and_enough_of_them_are_written_whole(rows):
    made = Counter((row["made"], row["channel"]) for row in rows)
    assert len(rows) == grammar.ROWS >= 600
    assert all(made["written", channel] >= 20 for channel in CHANNELS)
    assert all(made["grammar", channel] >= 100 for channel in CHANNELS)
    assert sum(count for (kind, _), count in made.items() if kind == "written") >= 80
    assert {channel for _, channel in made} == set(CHANNELS)


def test_the_copy_says_every_fact_word_for_word(rows):
    missing = [
        (name(row), fact)
        for row in rows
        for fact in row["facts"]
        if grammar.fact_value(fact).casefold() not in row["output"].casefold()
    ]
    assert missing == []
    assert all(1 <= len(row["facts"]) <= 5 for row in rows)


def test_a_missing_fact_is_noticed():
    row = {"channel": "ad", "facts": ["Price: £3.50"], "must": "plum bun"}
    said = "A plum bun is on the shelf and it has your name on it. {} Come in and try one."
    assert grammar.fits(row | {"output": said.format("It's £3.50.")})
    assert not grammar.fits(row | {"output": said.format("It's £3.60.")})


def test_the_copy_brings_no_number_that_nobody_gave_it(rows, fact_sheet):
    invented = [
        (name(row), number)
        for row in rows
        for number in re.findall(r"\d[\d.,]*\d|\d", row["output"])
        if number not in asked(row) and number not in fact_sheet
    ]
    assert invented == []


def test_the_copy_brings_no_name_that_nobody_gave_it(rows, fact_sheet):
    inside_a_sentence = re.compile(r"(?<=[a-z,;] )[A-Z][\w']+")
    invented = [
        (name(row), word)
        for row in rows
        for word in set(inside_a_sentence.findall(row["output"])) - CAPITALISED_BY_CUSTOM
        if word.casefold().removesuffix("'s") not in asked(row) + fact_sheet
    ]
    assert invented == []


def test_the_copy_answers_the_call_to_action(rows):
    ignored = [
        (name(row), row["call_to_action"])
        for row in rows
        if not set(re.findall(r"\w{3,}", row["call_to_action"].casefold()))
        <= set(re.findall(r"\w{3,}", row["output"].casefold()))
    ]
    assert ignored == []


def test_lengths_suit_the_channel(rows):
    wrong = [
        (name(row), words)
        for row in rows
        for words in [grammar.word_count(row["output"])]
        if not grammar.LENGTHS[row["channel"]][0] <= words <= grammar.LENGTHS[row["channel"]][1]
    ]
    assert wrong == []


def test_briefs_are_distinct(rows):
    assert len({Brief.from_dict(row).digest() for row in rows}) == len(rows)


def test_names_of_products_are_many(rows):
    assert len({row["topic"] for row in rows}) >= 600


def test_no_two_texts_read_alike(rows):
    texts = [grammar.shingles(row["output"]) for row in rows]
    holders: dict[str, list[int]] = {}
    for at, found in enumerate(texts):
        for part in found:
            holders.setdefault(part, []).append(at)
    meeting = {(one, other) for held in holders.values() for one in held for other in held if one < other}
    assert max(grammar.likeness(texts[one], texts[other]) for one, other in meeting) <= grammar.SAME_WORDING < 0.5


def test_openers_vary(rows):
    ((_, most),) = Counter(grammar.opener(row["output"]) for row in rows).most_common(1)
    assert most <= 0.03 * len(rows)


def test_the_voice_keeps_its_own_rules(rows):
    assert len(BANNED) > 15
    for row in rows:
        said = row["output"].casefold()
        assert not [word for word in BANNED if re.search(rf"\b{re.escape(word)}\b", said)], name(row)
        assert len(EMOJI.findall(row["output"].replace("\ufe0f", ""))) <= (row["channel"] == "social"), name(row)
        assert not re.search(r"[{}\[\]|^]|  ", row["output"]), name(row)
        assert not re.search(r"\b(a|at|by|for|from|in|it|of|on|the|to) \1\b", said), name(row)
        assert not row["output"][-1].isalnum(), name(row)
        assert 0 <= row["output"].count("\n\n") <= 2, name(row)


def test_the_file_is_what_the_grammar_makes(rows):
    text = (grammar.HERE / "bakery.jsonl").read_text("utf-8")
    assert grammar.build() == text
    assert grammar.pairs(8, 3) == grammar.pairs(8, 3) != grammar.pairs(8, 4)


def test_too_few_phrases_are_reported_and_not_hidden(monkeypatch):
    monkeypatch.setattr(grammar, "SAME_OPENER", 0)
    with pytest.raises(ValueError, match="Only 0 of 2 pairs"):
        grammar.pairs(2, 1)
