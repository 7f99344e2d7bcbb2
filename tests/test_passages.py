"""Long documents into pieces, cut where a reader would pause."""

from training.corpus.passages import LEFT_OUT, MAXIMUM_WORDS, pieces, words
from training.corpus.reading.document import Block, Document


def sentence(name, length=11):
    return f"{name} " + " ".join(["word"] * (length - 2)) + " end."


def document(*blocks, title="Bread"):
    made = [block if isinstance(block, Block) else Block(block) for block in blocks]
    return Document(title, made)


def items(count, length=11):
    return [Block(sentence(f"Item{number}", length).rstrip("."), "item") for number in range(count)]


def texts(*blocks, **told):
    return [piece.text for piece in pieces(document(*blocks), **told)]


def test_a_list_stays_together_and_with_the_line_that_leads_to_it():
    before = sentence("Before", 60)
    first, second = texts(before, "You can bring:", *items(6))
    assert first == before
    assert second.startswith("You can bring:\n\n- Item0 ") and second.count("\n- ") == 6


def test_a_list_too_long_for_a_piece_is_cut_between_items_and_begins_with_its_lead():
    found = texts(sentence("Before", 60), "You can bring:", *items(14))
    assert [text.count("- Item") for text in found] == [3, 9, 2] or all(words(text) <= MAXIMUM_WORDS for text in found)
    assert not any(text.endswith(":") for text in found)
    assert sum(text.count("- Item") for text in found) == 14


def test_a_line_that_leads_to_what_is_no_copy_goes_and_is_told():
    [piece] = pieces(document(f"{sentence('Before', 20)} Run this command:"))
    assert piece.text == sentence("Before", 20)
    assert piece.changes == (LEFT_OUT,)
    assert pieces(document(sentence("Before", 20)))[0].changes == ()


def test_a_question_stays_with_its_answer():
    first, second = texts(sentence("Before", 100), "How did you come to bake?", sentence("Answer", 60))
    assert first.startswith("Before") and second.startswith("How did you come to bake?\n\nAnswer")


def test_a_long_paragraph_is_cut_between_sentences_and_never_inside_a_quotation():
    said = " ".join(sentence(f"S{number}", 30) for number in range(2))
    text = f"{sentence('A', 50)} {sentence('B', 30)} She said: “{said}” {sentence('C', 40)}"
    found = texts(text)
    assert " ".join(found) == text
    assert [piece.count("“") for piece in found] == [piece.count("”") for piece in found]


def test_an_abbreviation_ends_no_sentence():
    text = " ".join(f"The U.S. Digital Service and Dr. Bean have part {number} of it." for number in range(20))
    assert all(piece.endswith("of it.") for piece in texts(text))


def test_a_short_rest_takes_its_neighbour_along_and_is_not_lost():
    found = texts(sentence("A", 80), sentence("B", 28), sentence("C", 6))
    assert [text.split()[0] for text in found] == ["A", "B"]
    assert found[1].endswith(sentence("C", 6))


def test_a_heading_is_never_above_anothers_text():
    found = pieces(document(Block("One", "heading"), sentence("A", 20), Block("Two", "heading"), sentence("B", 20)))
    assert [(piece.heading, piece.text[0]) for piece in found] == [("One", "A"), ("Two", "B")]


def test_a_message_that_is_short_enough_is_one_piece_whatever_its_headings():
    blocks = [Block("Bread", "heading"), sentence("A", 20), Block("Offers", "heading"), *items(2), sentence("B", 20)]
    [whole] = texts(*blocks, channel="email")
    assert whole.startswith("A ") and "\n\nOffers\n\n- Item0" in whole and whole.endswith("end.")
    assert len(texts(*blocks)) == 2
    assert len(texts(*blocks, sentence("C", 60), channel="email")) > 1


def test_posts_and_ads_are_shorter_and_may_be_very_short():
    assert texts("Rye at seven, warm.", channel="social") == ["Rye at seven, warm."]
    assert texts("Rye at seven, warm.") == []
    long = [sentence(name, 30) for name in "ABCD"]
    assert [words(text) for text in texts(*long, channel="ad")] == [60, 60]
    assert [words(text) for text in texts(*long, channel="social")] == [60, 60]
    assert [words(text) for text in texts(*long)] == [90, 30]


def test_the_longest_piece_is_for_the_caller_to_say():
    long = [sentence(name, 30) for name in "ABCD"]
    assert [words(text) for text in texts(*long, maximum=300)] == [120]
    assert [words(text) for text in texts(*long, maximum=40)] == [30] * 4
