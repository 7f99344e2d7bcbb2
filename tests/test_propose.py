"""Proposed briefs: topic, facts, audience and call to action in the words of the copy."""

from pathlib import Path

import pytest

from training.corpus.facts import distinct, unexplained
from training.corpus.keyphrases import keyphrases
from training.corpus.passages import Piece, pieces
from training.corpus.propose import MAXIMUM_FACTS, channel_of, propose
from training.corpus.reading.document import Block, Document
from training.corpus.reading.read import reading

VOICES = Path(__file__).resolve().parents[2] / "shared" / "data" / "voices"
PLAIN = "we bake bread and sell it to people who come by."


def brief(text, title="Bread", heading="", name="posts/bread.md", kind="markdown", body="", **told):
    document = Document(title, [Block(body or text)])
    return propose(name, kind, document, Piece(heading, text, ()), **told)


def topic(title, heading="", body=PLAIN, **told):
    return brief(body, title, heading, **told).topic


def test_a_brief_reads_as_a_request_that_a_person_would_write():
    copy = "Our new lavender cupcake is here for regulars: £3.50 each, from Saturday 3 May. Pre-order by Friday."
    found = brief(copy, "Our New Lavender Cupcake", name="social/may.md")
    assert found.prompt() == (
        "Write a social media post about our new lavender cupcake.\nMention:\n- £3.50 each\n- from Saturday 3 May\n"
        "Audience: regulars\nCall to action: Pre-order by Friday\n\nCopy:\n"
    )


@pytest.mark.parametrize(
    ("copy", "facts"),
    [
        ("In 2016 and later we had 55 line items and over 60 staff.", ("In 2016", "55 line items", "over 60 staff")),
        ("We are a team of 12 people who bake.", ("a team of 12 people",)),
        ("It is open from 9 am to 5 pm on Sundays.", ("from 9 am to 5 pm on Sundays",)),
        ("Bake it for 20-30 minutes or until brown.", ("20-30 minutes",)),
        ("Get 20% off the loaf, or 3 tarts for £5.", ("20% off", "3 tarts", "£5")),
        ("- ⏲️ Prep time: 5 min\n- 100 g of raisins\n- sugar", ("Prep time: 5 min", "100 g of raisins")),
        ("It is by the General Services Administration (GSA) here.", ("General Services Administration (GSA)",)),
        ("It works in Chrome, Firefox, and Safari today.", ("Chrome, Firefox, and Safari",)),
        ("Email requests went to one of the 45 agencies taking part.", ("45 agencies",)),
    ],
)  # fmt: skip
def test_a_fact_is_a_phrase_that_stands_by_itself(copy, facts):
    assert brief(copy, "Bread").facts == facts


def test_facts_are_word_for_word_in_the_copy_and_not_in_the_topic_or_the_brands_name():
    copy = "Come to the Mill Lane Market on Saturday 3 May with Bun & Co and Anna Pear."
    found = brief(copy, "The Mill Lane Market", brand="Bun & Co")
    assert found.facts == ("Saturday 3 May", "Anna Pear")


def test_six_facts_at_most_and_prices_before_names():
    copy = "We ask Anna Pear. We ask Bob Fig. We ask Cid Oak. We ask Dot Elm. We ask Eve Ash. We ask Fay Yew. It is £3."
    found = brief(copy, "Bread")
    assert len(found.facts) == MAXIMUM_FACTS and found.facts[-1] == "£3"


@pytest.mark.parametrize(
    ("title", "heading", "wanted"),
    [
        ("2014-03-12-hello", "", "hello"),
        ("rye-bread_and-butter.docx", "", "rye bread and butter"),
        ("Re: Fwd: Our Bread", "", "our bread"),
        ("🍲 Bread | The Corner Bakery", "", "bread"),
        ("How We Bake", "", "how we bake"),
        ("Bread", "Ingredients", "ingredients for bread"),
        ("Bread", "Step 2: Bake it twice a day", "bake it twice a day"),
        ("Bread", "Make people come by", "how to make people come by"),
        ("Bread", "Pricing", "pricing for bread"),
        ("How we bake", "Trust", "trust, for “How we bake”"),
        ("Bread", "Why we sell? And what?", "why we sell, for “Bread”"),
        ("Bread", "Overview", "bread"),
        ("Honeycomb Hedgehog", "", "Honeycomb Hedgehog"),
        ("Anna's Bread", "", "Anna's bread"),
        ("Lindsay Young of the county", "", "Lindsay Young of the county"),
        ("Sunny-side up", "", "sunny-side up"),
        ("Bread", "Get our loaves by seven sharp", "how to get our loaves by seven sharp"),
        ("Dark Bread with Sea Salt and Fennel", "Ingredients", "ingredients for dark bread with sea salt and fennel"),
    ],
)
def test_a_topic_is_in_the_words_and_the_case_that_a_person_would_use(title, heading, wanted):
    assert topic(title, heading) == wanted.replace(", for “Bread”", " in bread")


def test_a_name_keeps_its_capitals_in_a_topic():
    body = "We have sold it at the Federal Front Door since then, and the front of it is red."
    assert topic("Informing the Federal Front Door", body=body) == "informing the Federal Front Door"
    assert topic("GitHub and the GSA", body=body) == "GitHub and the GSA"


def test_a_row_without_a_title_is_called_after_what_it_speaks_of_and_not_after_its_file():
    found = brief(
        "The plum tart is back, and a plum tart waits for nobody.", "captions", name="captions.csv", kind="csv"
    )
    assert found.topic.startswith("plum tart")
    assert found.channel == "social"


def test_every_passage_of_a_document_has_a_topic_of_its_own():
    taken = []
    for part in ("The rye loaf is dark.", "The plum tart is sweet.", "We sell.", "We sell."):
        taken.append(topic("How we bake", body=part, taken=taken))
    assert taken == [
        "how we bake", "plum tart, for “How we bake”", "how we bake (part 2)", "how we bake (part 3)",
    ]  # fmt: skip


def test_whom_the_copy_is_for_is_said_only_if_the_copy_says_it():
    assert brief("A guide for busy parents who bake.").audience == "busy parents"
    assert brief("Dear neighbours, come by.").audience == "neighbours"
    assert brief(PLAIN, "Tips for federal employees").audience == "federal employees"
    assert brief("We pay for the employees of others, for several teams.").audience == "teams"
    assert brief(PLAIN).audience == ""


def test_the_call_to_action_is_the_last_thing_that_the_copy_asks_for():
    assert brief("It is warm. Come and smell it!").call_to_action == "Come and smell it"
    assert brief("It is warm and waits at ours. Order at bun.example/rye today.").call_to_action == (
        "Order at bun.example/rye today"
    )
    assert brief("Bring:\n- a bag\n- Order by Friday 14 March.").call_to_action == "Order by Friday 14 March"
    assert brief("Mix:\n- Add flour\n- Start the oven").call_to_action == ""
    assert brief("It is warm. Read-only members cannot bake.").call_to_action == ""


def test_the_channel_is_what_the_document_tells_or_its_path():
    assert channel_of("a/newsletters/may.md", "markdown") == "email"
    assert channel_of("a/may.md", "html") == "page"
    assert channel_of("a/newsletters/may.md", "markdown", "Instagram") == "social"


def test_keyphrases_are_things_that_the_passage_speaks_of_more_than_its_document():
    text = "The sour starter needs the warm oven. Feed the sour starter with our flour."
    assert (
        keyphrases(text, f"{text} Our flour, the flour, more flour, the warm oven, the warm oven.")[0] == "sour starter"
    )


@pytest.mark.skipif(not VOICES.exists(), reason="the real voices lie in shared/, which is not here")
@pytest.mark.parametrize(("voice", "share"), [("eighteenf", 0.85), ("based-cooking", 0.8), ("healthchecks", 0.85)])
def test_most_briefs_of_real_copy_leave_no_fact_unexplained(voice, share):
    found = []
    for file in sorted((VOICES / voice / "docs").glob("*.md"))[::8]:
        for document in reading(file.name, file.read_bytes()).documents:
            topics = []
            for piece in pieces(document):
                made = propose(file.name, "markdown", document, piece, taken=topics)
                assert made.topic not in topics and all(fact in piece.text for fact in made.facts)
                topics.append(made.topic)
                found.append(distinct(unexplained(piece.text, made)))
    assert found.count(0) >= share * len(found)
