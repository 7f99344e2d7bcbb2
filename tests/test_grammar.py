"""What is a suggestion and what is the voice's own: the pure part, with Harper for real."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.corpus import grammar
from training.corpus.cleaning.corrections import Correction, around, correct, place, uncorrected
from training.corpus.cleaning.engine import Change, Cleaned, replay
from training.corpus.grammar import likely, look, near, told_dialect, unknown_words
from training.corpus.grammar_child import Proofreader

VOICES = Path(__file__).resolve().parents[2] / "shared" / "data" / "voices"


def found(text, dialect=""):
    return [(one.kind, one.words, one.replacements[:1]) for one in look(text, dialect)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We whisk the the eggs until they are pale.", ("repeated", "the the", ("the",))),
        ("Put it on an tray and wait.", ("article", "an tray", ("a tray",))),
        ("It has soaked in it's own juice all night.", ("confused", "it's", ("its",))),
        ("This is more then enough for four of us.", ("confused", "then", ("than",))),
        ("The dough didn't worked the first time.", ("form", "worked", ("work",))),
        ("Two onions , finely chopped and fried.", ("spacing", "onions ,", ("onions,",))),
    ],
)
def test_a_slip_is_found_with_what_was_meant(text, expected):
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "SO good!!! We LOVE it!!! 🥐🥐🥐 #breadlife @cornerbakery",
        "gonna bake. cos why not? yeah. ain't no loaf like it, y'all.",
        "Warm. Local. Yours.",
        "Bread, butter and jam - 20 min, 3-4 people, 2 tbsp... ok?",
        "Let cool. Allow to rest. Very, very good.",
        "See https://example.com/an/unknwon?seperate=1 or teh_file.txt, run --verbse.",
        "Order by Friday – we're closed Sundays…",
        "The API, a SVG file and an URL; Schedule A and B.",
        "It was yada yada yada all night.",
    ],
)
def test_what_makes_a_voice_its_own_is_no_slip(text):
    assert [one for one in found(text) if one[0] != "unknown"] == []


def test_places_are_told_in_characters_whatever_stands_before():
    text = "🥐👩‍🍳 Café “naïve” is an test of the the linter."
    assert [(one.words, text[one.start : one.end]) for one in look(text)] == [("an test",) * 2, ("the the",) * 2]


def test_names_numbers_and_code_are_no_unknown_words():
    text = "We and Adafruit and FedRAMP sell ESP8266 boards via pip_install, libfoo.js, --verbse and @jobloggs."
    assert found(text) == []


def test_an_unknown_word_is_likely_where_the_voice_writes_the_other_word_itself():
    assert likely("carfully", ("carefully",), Counter(carefully=3), 1) == ("carefully",)
    assert likely("gurnard", ("guard",), Counter(), 1) == ()
    assert likely("mins", ("minus",), Counter(minus=1), 29) == ()


def test_a_classic_slip_is_likely_even_where_the_voice_never_wrote_the_word():
    for word, meant in (("seperate", "separate"), ("reccommend", "recommend"), ("deisgner", "designer")):
        assert likely(word, (meant,), Counter()) == (meant,)
    assert likely("youre", ("you're",), Counter()) == ("you're",)


@pytest.mark.parametrize("word", ["certifiers", "prewritten", "deepish", "unpopped"])
def test_a_word_made_of_another_one_is_no_slip(word):
    others = Counter(certify=9, written=9, deep=9, popped=9, certified=9, rewritten=9, stopped=9)
    assert likely(word, ("certified", "rewritten", "deepest", "stopped"), others) == ()


def test_the_nearest_word_keeps_its_capital():
    assert near("Immediatly", ("immediately", "immediacy")) == ("Immediately",)
    assert found("Grate the swiss cheese.") == []


def test_british_and_american_spellings_are_right_until_one_is_the_voices():
    text = "The colour and the flavor of the centre."
    assert found(text) == []
    assert found(text, "british") == [("dialect", "flavor", ("flavour",))]
    assert [one[1] for one in found(text, "american")] == ["colour", "centre"]


def test_the_english_of_a_voice_is_told_by_its_own_copy_where_it_is_clear():
    assert told_dialect(["Colour, flavour, centre, favourite."] * 3) == "british"
    assert told_dialect(["The color of the center, my favorite flavor."] * 3) == "american"
    assert told_dialect(["Colour and color, flavour and flavor."] * 9) == ""
    assert told_dialect(["Colour."]) == ""


def test_words_of_the_fact_sheet_are_told_with_their_capitals():
    assert unknown_words("Adafruit sells Feathers. Ask for the Knusperkruste.") == ["Adafruit", "Knusperkruste"]
    assert unknown_words(" ") == []


@pytest.mark.parametrize("dialect", grammar.DIALECTS)
def test_every_rule_that_we_switch_on_exists(dialect):
    known = grammar.linter(dialect).get_default_lint_config()
    assert [rule for kind in grammar.KINDS.values() for rule in kind.rules if rule not in known] == []


def test_the_child_says_the_same_and_survives_a_text_that_is_too_long(monkeypatch):
    monkeypatch.setattr("training.corpus.grammar_child.LONGEST", 60)
    with Proofreader() as proofreader:
        first, second, third = proofreader.look(["An test.", "x" * 61, "The the end."])
        assert proofreader.unknown_words("Adafruit") == ["Adafruit"]
    assert (first, second, third) == (look("An test."), [], look("The the end.")) and first and third


def test_a_child_that_dies_costs_one_text():
    with Proofreader() as proofreader:
        assert next(proofreader.look(["An test."]))
        proofreader.process.kill()
        proofreader.process.wait()
        assert list(proofreader.look(["An test.", "An test."])) == [[], look("An test.")]


WORDS = st.lists(st.sampled_from(["the", "teh", "cat 🐈", "an", "x"]), min_size=1, max_size=12).map(" ".join)


@given(WORDS, st.data())
@settings(max_examples=200, deadline=None)
def test_corrections_replay_and_come_off_again(text, data):
    starts = sorted(data.draw(st.sets(st.integers(0, len(text) - 1), max_size=4)))
    made = [Correction(at, text[at : at + 1], "QQ", *around(text, at, at + 1)) for at in starts]
    cleaned = correct(Cleaned(text), made)
    assert uncorrected(cleaned.text, cleaned.changes) == text
    assert replay(text, cleaned.changes) == cleaned.text
    assert cleaned.text.count("QQ") == len(starts)


def test_a_correction_finds_its_place_again_by_what_is_around_it():
    text = "teh cat and teh dog"
    dog = Correction(12, "teh", "the", *around(text, 12, 15))
    assert place(text, dog) == 12
    assert place(f"{text} and another one", dog) is None
    assert place("all new: teh dog", dog) == 9
    assert place("teh, teh", dog) is None and place("the dog", dog) is None
    assert correct(Cleaned("the dog"), [dog]) == Cleaned("the dog")


def test_corrections_stand_last_in_the_trace():
    found = correct(Cleaned("teh dog", (Change("spaces", "  ", " ", 3),)), [Correction(0, "teh", "the")])
    assert (found.text, [change.rule for change in found.changes]) == ("the dog", ["spaces", "corrections"])
    assert found.touched == ("corrections",)


@pytest.mark.skipif(not VOICES.exists(), reason="the real voices lie in shared/data, which is not here")
def test_a_recipe_sites_suggestions_are_few_and_mostly_right():
    from tests.test_cleaning_voices import passages

    texts = [after.text for _, _, after in passages("based-cooking")]
    kinds = Counter(one.kind for text in texts for one in look(text))
    assert 20 <= sum(count for kind, count in kinds.items() if kind != "unknown") <= 40
