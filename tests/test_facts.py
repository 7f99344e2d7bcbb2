"""Facts that copy states, and those that neither its brief nor the fact sheet explains."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.corpus.brief import Brief
from training.corpus.facts import distinct, facts, unexplained


def told(output, *known, fact_sheet="", guidelines="", topic="buns"):
    found = unexplained(output, Brief("ad", topic, known), fact_sheet, guidelines)
    return [(fact.kind, fact.text) for fact in found]


def test_every_number_price_share_date_time_address_and_name_is_found():
    text = (
        "Join Anna Pear at Mill Lane on Saturday 3 May at 9.30 am: 20% off, £3.50 each or 50p a crumb, three rooms, "
        "1,000 loaves. Write to us@bun.example, see bun.co.uk or ring 020 7946 0958."
    )
    assert [(fact.kind, fact.text) for fact in facts(text)] == [
        ("name", "Anna Pear"),
        ("name", "Mill Lane"),
        ("date", "Saturday 3 May"),
        ("time", "9.30 am"),
        ("percent", "20%"),
        ("price", "£3.50"),
        ("price", "50p"),
        ("number", "three"),
        ("number", "1,000"),
        ("e-mail", "us@bun.example"),
        ("link", "bun.co.uk"),
        ("phone", "020 7946 0958"),
    ]


def test_a_fact_of_the_brief_or_the_fact_sheet_is_explained_and_any_other_is_not():
    copy = "Our rye is £3.50 on Friday at Mill Lane."
    assert told(copy) == [("price", "£3.50"), ("date", "Friday"), ("name", "Mill Lane")]
    assert told(copy, "Price: £3.50", "on Friday", fact_sheet="We bake at 12 Mill Lane.") == []
    assert told(copy, "Price: £4", "on Saturday", fact_sheet="We bake at 12 Long Lane.") == told(copy)


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("It is £3.50.", "3.50 pounds"),
        ("It is 3.50 pounds.", "Price: £3.50"),
        ("It is £3.50.", "Price: 3.50"),
        ("It is 50p.", "£0.50"),
        ("It is 20 per cent more.", "20% more"),
        ("Come on Friday 3 May.", "3 May"),
        ("Come on 3 May.", "Friday 3rd May 2026"),
        ("Come on May 3.", "2026-05-03"),
        ("Come on Fridays.", "Friday"),
        ("Come at 9 am.", "from 9:00"),
        ("Come at 9.30 pm.", "21:30"),
        ("Our 3rd shop.", "the third shop"),
        ("It has three big rooms.", "3 rooms"),
        ("It has 12 rooms.", "twelve rooms"),
        ("It takes 1,000 loaves.", "1000 loaves"),
        ("It takes 1.5 million people.", "1,500,000 people"),
        ("It takes 5 mins.", "five minutes"),
        ("It takes 1 1/2 cups.", "1.5 cups"),
        ("So says Hellekson's report.", "Gunnar Hellekson"),
        ("We like the Buns of Anna.", "BUN, Anna"),
        ("We work for GSA.", "General Services Administration"),
        ("See https://www.bun.example.com/.", "bun.example.com"),
    ],
)
def test_a_fact_may_be_spelt_as_a_person_would(said, known):
    assert told(said) and told(said, known) == []


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("Come on Friday 3 May.", "Saturday 3 May"),
        ("Come on 3 May 2027.", "3 May"),
        ("Come at 9 am.", "9 pm"),
        ("It is £5.", "5 cupcakes"),
        ("It is €5.", "£5"),
        ("It holds 12 people.", "12 Mill Lane"),
        ("It takes 5 minutes.", "5 hours"),
        ("Ask Anna Pear.", "Anna"),
        ("It is 20% off.", "20 loaves"),
    ],
)
def test_what_only_looks_alike_explains_nothing(said, known):
    assert told(said, known) == told(said) != []


def test_capitals_that_name_nobody_are_no_names():
    for copy in (
        "Warm buns. Come early! “You know it,” she says. (Optional) And then – Bread.",
        "## Why We Bake\n\n- Garlic Powder\n- Sea salt\n- Olive oil",
        "BUY NOW, it is FREE and NOT for sale. I'm in. OK?",
        "We bake Italian and Dutch bread for the web.",
        "We mask [e-mail] and #SourdoughSunday.",
        "1. Mix.\n2. Bake.\n\nThen go to step 3.",
    ):
        assert facts(copy) == [], copy
    assert {fact.kind for fact in facts("- 4 Carrots\n- 3 tbsp Mayo")} == {"number"}


def test_a_name_at_the_beginning_of_a_sentence_is_known_from_elsewhere_or_from_its_spelling():
    assert told("Nigella came. We asked Nigella.") == [("name", "Nigella"), ("name", "Nigella")]
    assert told("GitHub helps. JavaScript too. Mill Lane is ours.") == [
        ("name", "GitHub"),
        ("name", "JavaScript"),
        ("name", "Mill Lane"),
    ]
    assert told("The U.S. Digital Service of Mr. Bean says so.") == [("name", "U.S. Digital Service of Mr. Bean")]


def test_a_language_that_writes_nouns_with_capitals_is_not_full_of_names():
    copy = (
        "Wir backen jeden Morgen das beste Brot der Stadt, und die Leute kommen mit dem Rad, weil der Duft bis zum "
        "Markt zieht und die Kinder das Brot mit Butter und Salz am liebsten noch im Laden essen."
    )
    assert facts(copy) == []


def test_guidelines_explain_names_and_never_their_examples_figures():
    guidelines = "Bun & Co. Sounds like us: 'Ours costs £26.'"
    assert told("At Bun & Co it is £26.", guidelines=guidelines) == [("price", "£26")]


def test_places_are_exact_and_a_fact_that_comes_twice_counts_once():
    copy = "“Hm” — Ask Anna Pear 🍐 for £3.50.\n\nAnna Pear wants £3.50, é €4."
    found = unexplained(copy, Brief("ad", "tarts"))
    assert all(copy[fact.start : fact.end] == fact.text for fact in found)
    assert [fact.text for fact in found] == ["Anna Pear", "£3.50", "Anna Pear", "£3.50", "€4"]
    assert distinct(found) == 3


@given(st.text(alphabet=st.sampled_from("aA1 .,£½-–\n’'@/:%°&2026MayFri[]()#_"), max_size=200))
def test_any_text_gives_facts_in_order_and_none_across_another(text):
    found = facts(text)
    assert all(text[fact.start : fact.end] == fact.text != "" for fact in found)
    assert all(first.end <= second.start for first, second in zip(found, found[1:], strict=False))
    assert unexplained(text, Brief("ad", "x"), fact_sheet=text) == []


HOSTILE = ["a", "a_",
           "A ", "1,", "1 ", "A. ", "http://", "a-", "A’", ".", "1", "1.1", "@", "Mon ", "the ", "(", "a.b", "+1 2",
           "twenty-", "\n", "½ £ ", "A of the ", "A & ", "- A\n", "£1 million ", "3 May ", "9-"]  # fmt: skip


@pytest.mark.parametrize("part", HOSTILE)
def test_no_text_can_stall_it(part):
    text = part * (20_000 // len(part))
    began = time.process_time()
    unexplained(text, Brief("ad", "x"), text, text)
    assert time.process_time() - began < 3


@pytest.mark.parametrize("part", ["{} ", "£{} ", "{}% ", "3 May {} ", "x Anna{} Pear\n"])
def test_many_different_facts_take_no_longer(part):
    text = "".join(part.format(1900 + number) for number in range(2000))
    began = time.process_time()
    assert unexplained(text, Brief("ad", "x"), text, text) == []
    assert time.process_time() - began < 3


VOICES = Path(__file__).resolve().parents[2] / "shared" / "data" / "voices"


@pytest.mark.skipif(not VOICES.exists(), reason="the real voices lie in shared/, which is not here")
def test_a_real_post_has_the_facts_that_a_reader_finds():
    text = (
        VOICES / "eighteenf" / "docs" / "2016-04-04-national-earthquake-information-centers-open-source-team.md"
    ).read_text()
    found = {fact.text for fact in facts(text)}
    assert {"National Earthquake Information Center", "Colorado School of Mines", "January 28, 2016", "USGS"} <= found
