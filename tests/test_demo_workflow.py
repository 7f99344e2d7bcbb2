"""The demo workflow company: its pairs keep to their briefs and to its voice, and differ from each other."""

import json
import re
from collections import Counter, defaultdict

import pytest

from reviews.demo import workflow_grammar as grammar
from training.corpus.brief import Brief

GUIDE = (grammar.HERE / "workflow.md").read_text(encoding="utf-8")
FACT_SHEET = GUIDE.partition("## Fact sheet")[2]
BANNED = [
    term.strip(' "')
    for term in re.sub(r"\(.*?\)", "", GUIDE.partition("**Banned.**")[2].partition(".\n\n")[0])
    .replace("\n", " ")
    .split(",")
]
EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")


@pytest.fixture(scope="module")
def rows():
    return [json.loads(line) for line in (grammar.HERE / "workflow.jsonl").read_text(encoding="utf-8").splitlines()]


def value(fact):
    """The fact without its label: 'Price: $49' -> '$49'."""
    return re.sub(r"^[A-Z][\w' -]{0,30}: ", "", fact)


def asked(row):
    return " ".join([row["topic"], *row["facts"], row["audience"], row["call_to_action"]])


def test_there_are_enough_pairs_on_each_channel_and_enough_written_whole(rows):
    assert len(rows) == grammar.ROWS >= 600
    for channel in grammar.CHANNELS:
        own = [row for row in rows if row["channel"] == channel]
        assert len(own) >= 150
        assert sum(row["made"] == "written" for row in own) >= 20
    assert {row["made"] for row in rows} == {"written", "grammar"}


def test_each_brief_is_valid_and_asked_once(rows):
    assert len({Brief.from_dict(row).digest() for row in rows}) == len(rows)
    assert all(1 <= len(row["facts"]) <= 5 for row in rows)


def test_every_fact_and_call_to_action_stands_in_the_copy_word_for_word(rows):
    for row in rows:
        copy = row["output"].casefold()
        for wanted in [*map(value, row["facts"]), row["call_to_action"]]:
            assert wanted.casefold() in copy, (wanted, row["output"])


def test_every_figure_in_the_copy_is_in_the_brief(rows):
    for row in rows:
        known = set(re.findall(r"\d[\d.,:]*\d|\d", asked(row)))
        assert set(re.findall(r"\d[\d.,:]*\d|\d", row["output"])) <= known, row["output"]


def test_every_name_inside_a_sentence_of_grammar_copy_is_in_the_brief_or_the_fact_sheet(rows):
    for row in (row for row in rows if row["made"] == "grammar"):
        known = {word.casefold() for word in re.findall(r"[\w'-]+", asked(row) + " " + FACT_SHEET)}
        names = re.findall(r"(?<=[a-z,;0-9$%] )[A-Z][\w'-]+", row["output"])
        assert {name.casefold() for name in names} <= known | {"settings", "it"}, row["output"]


def test_lengths_suit_the_channel(rows):
    for row in rows:
        low, high = grammar.LENGTHS[row["channel"]]
        assert low <= len(row["output"].split()) <= high, row["output"]


def test_the_voice_keeps_its_own_rules(rows):
    assert "seamless" in BANNED and len(BANNED) > 20
    banned = re.compile(r"\b(" + "|".join(map(re.escape, BANNED)) + r")\b", re.IGNORECASE)
    for row in rows:
        assert "!" not in row["output"] and not EMOJI.search(row["output"])
        assert not banned.search(row["output"]), row["output"]
    asking = [row for row in rows if row["output"].split(".")[0].rstrip().endswith("?")]
    assert len(asking) <= len(rows) // 50


def test_most_pairs_reach_a_figure_within_their_first_words(rows):
    soon = [row for row in rows if re.search(r"\d", " ".join(row["output"].split()[:9]))]
    assert len(soon) > 0.7 * len(rows)


def test_no_two_texts_read_alike(rows):
    holders = defaultdict(list)
    sizes = []
    for number, row in enumerate(rows):
        own = grammar.shingles(row["output"])
        for other, both in Counter(other for shingle in own for other in holders[shingle]).items():
            assert both / (len(own) + sizes[other] - both) < 0.5, (row["output"], rows[other]["output"])
        for shingle in own:
            holders[shingle].append(number)
        sizes.append(len(own))


def test_no_opener_wears_out(rows):
    openers = Counter(" ".join(row["output"].casefold().removeprefix("subject: ").split()[:3]) for row in rows)
    assert openers.most_common(1)[0][1] <= 0.03 * len(rows)


def test_the_file_is_what_the_generator_writes(rows):
    assert grammar.build(grammar.HERE / "workflow_written.jsonl") == rows


def test_another_seed_gives_other_pairs_and_the_same_seed_the_same():
    assert grammar.pairs(12, 1) == grammar.pairs(12, 1) != grammar.pairs(12, 2)
