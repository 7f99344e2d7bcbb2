"""Which texts are near-copies: found by signature, held by exact comparison, whatever the order."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.corpus.duplicates import THRESHOLD, find_copies, similarity
from training.corpus.passages import pieces
from training.corpus.reading.child import read_files
from training.importing import files_under

VOICES = Path(__file__).resolve().parents[2] / "shared" / "data" / "voices"
needs_voices = pytest.mark.skipif(not VOICES.exists(), reason="the shared voices are not beside this checkout")
STEMS = ["brew", "loaf", "rye", "oven", "lane", "salt", "mill", "dawn"]
WORDS = [f"{stem}{letter}" for stem in STEMS for letter in "abcdefghij"]


def clusters(texts, **kept):
    return find_copies(texts, lambda rows: [texts[row] for row in rows], **kept)


def copy_of(text, share, chance):
    """The text with words replaced one after the other, as long as the similarity stays at `share` or above."""
    words = text.split()
    for place in chance.sample(range(len(words)), len(words)):
        changed = [*words[:place], f"new{place}", *words[place + 1 :]]
        if similarity(text, " ".join(changed)) < share:
            break
        words = changed
    return " ".join(words)


def prose(chance, words):
    return " ".join(chance.choice(WORDS) for _ in range(words))


@pytest.mark.parametrize(
    "other",
    [
        "come in for a warm loaf",
        "Come in, for a warm loaf!",
        "  Come in\n\nfor a “warm” loaf…",
        "COME IN FOR A WARM LOAF",
        "Come in for a ｗarm loaf",  # noqa: RUF001
    ],
)
def test_case_spacing_and_punctuation_make_no_other_text(other):
    text = "Come in for a warm loaf."
    assert similarity(text, other) == 1.0
    assert clusters([text, "Something else altogether, said at length.", other]) == [[0, 2]]


def test_accents_spelt_in_two_ways_are_one_and_other_letters_are_not():
    assert similarity("Au café du coin", "Au cafe\u0301 du coin") == 1.0
    assert clusters(["Au café du coin", "Au cafe du coin"]) == []


def test_one_changed_word_in_fifty_is_a_copy_and_three_spread_out_are_none():
    words = prose(random.Random(1), 50).split()
    one, three = list(words), list(words)
    one[25] = "other"
    for place in (10, 25, 40):
        three[place] = "other"
    text = " ".join(words)
    assert similarity(text, " ".join(one)) == pytest.approx(41 / 51)
    assert similarity(text, " ".join(three)) == pytest.approx(31 / 61)
    assert clusters([text, " ".join(three), " ".join(one)]) == [[0, 2]]


def test_short_copy_that_differs_in_one_name_or_price_says_something_else():
    shown = "Our {} loaf is out of the oven at seven, still warm, for {} each."
    assert clusters([shown.format("rye", "£3.50"), shown.format("oat", "£3.50"), shown.format("rye", "£4")]) == []
    assert clusters([shown.format("rye", "£3.50"), "Yes! " + shown.format("rye", "£3.50")]) == [[0, 1]]


def test_a_short_text_and_a_longer_one_are_compared_by_the_short_shingles():
    words = prose(random.Random(2), 28).split()
    short, longer = " ".join(words[:24]), " ".join(words)
    assert similarity(short, longer) == pytest.approx(22 / 26)
    assert clusters([longer, short]) == [[0, 1]]


def test_two_texts_of_thirty_words_are_compared_by_the_long_shingles_alone():
    words = prose(random.Random(2), 30).split()
    text, other = " ".join(words), " ".join([*words[:15], "other", *words[16:]])
    assert similarity(text, other) == pytest.approx(21 / 31)
    assert clusters([text, other]) == []


def test_copies_of_copies_are_one_cluster():
    words = prose(random.Random(3), 100).split()
    texts = [" ".join([*words[start:], *words[:start]][:90]) for start in (0, 8, 16)]
    assert similarity(texts[0], texts[2]) < THRESHOLD < similarity(texts[0], texts[1])
    assert clusters(texts) == [[0, 1, 2]]


def test_texts_without_words_are_copies_of_the_very_same_alone():
    assert clusters(["", "   ", "🎉🎉", "🎉 🎉", "!!!", "🎉🎉 "]) == [[0, 1], [2, 5]]
    assert similarity("🎉🎉", "!!!") == 0.0


def test_japanese_and_chinese_are_compared_by_their_characters():
    text = "私たちの店では毎朝四時にライ麦パンを焼きます。温かいうちにお越しください。" * 2
    other = "春の新しい商品をご紹介します。ぜひ一度お試しください。"
    assert clusters([text, text.replace("四", "五", 1), other]) == [[0, 1]]


def test_nothing_is_found_among_nothing_or_one():
    assert clusters([]) == [] and clusters(["One alone."]) == []


def test_who_waits_hears_how_many_are_read():
    heard = []
    clusters([f"text {number}" for number in range(4500)], told=heard.append)
    assert heard == [2000, 4000, 4500]


def test_planted_copies_are_found_and_nothing_else():
    """Each is changed as far as a copy may be, where the signature's bands are at their weakest."""
    chance = random.Random(4)
    texts = [prose(chance, chance.randint(12, 110)) for _ in range(1500)]
    planted = {row: copy_of(texts[row], THRESHOLD, chance) for row in range(0, 1500, 2)}
    planted = {row: text for row, text in planted.items() if text != texts[row]}
    found = clusters([*texts, *planted.values()])
    wanted = {(row, 1500 + place) for place, row in enumerate(planted)}
    assert len(wanted) > 500
    assert {tuple(cluster) for cluster in found} <= wanted
    assert len(found) >= 0.95 * len(wanted)


def test_thousands_of_variations_of_one_template_take_no_time_that_grows_with_their_square():
    """Each shares half of its shingles with every other, so that none is a copy and all look alike."""
    chance = random.Random(5)
    half = prose(chance, 50)
    texts = [f"{half} {prose(chance, 16)}" for _ in range(4000)]
    looked = []
    assert find_copies(texts, lambda rows: [texts[row] for row in looked.append(len(rows)) or rows]) == []
    assert sum(looked) < 100 * len(texts)


PIECES = st.lists(st.sampled_from(WORDS[:6]), min_size=0, max_size=40).map(" ".join)


@settings(deadline=None, max_examples=60)
@given(st.lists(PIECES, max_size=25), st.randoms(use_true_random=False))
def test_the_order_of_the_texts_does_not_matter(texts, chance):
    order = list(range(len(texts)))
    chance.shuffle(order)
    shuffled = clusters([texts[row] for row in order])
    assert sorted(sorted(order[row] for row in cluster) for cluster in shuffled) == clusters(texts)


@settings(deadline=None, max_examples=60)
@given(st.lists(PIECES, max_size=25))
def test_clusters_are_what_comparing_all_with_all_gives(texts):
    home = {row: {row} for row in range(len(texts))}
    for one in range(len(texts)):
        for other in range(one):
            if similarity(texts[one], texts[other]) >= THRESHOLD:
                joined = home[one] | home[other]
                home |= dict.fromkeys(joined, joined)
    wanted = sorted({tuple(sorted(cluster)) for cluster in home.values() if len(cluster) > 1})
    assert [tuple(cluster) for cluster in clusters(texts)] == wanted


def test_texts_told_apart_are_in_no_cluster_together_and_a_third_joins_the_one_it_is_most_like():
    words = prose(random.Random(6), 100).split()
    first, second = [*words], [*words]
    first[50], second[10] = "first", "second"
    third = [*first]
    third[90] = "third"
    texts = [" ".join(text) for text in (first, second, third)]
    assert clusters(texts) == [[0, 1, 2]]
    assert clusters(texts, apart={0: {1: 0}, 1: {1: 1}}) == [[0, 2]]
    assert clusters(texts, apart={0: {1: 0}, 1: {1: 1}, 2: {1: 2}}) == []


def test_the_very_same_text_told_apart_stays_apart_and_a_third_one_joins_either():
    text = prose(random.Random(7), 30)
    assert clusters([text] * 3, apart={0: {7: 0}, 2: {7: 1}}) in ([[0, 1]], [[1, 2]])
    assert clusters([text] * 4, apart={0: {7: 0}, 1: {7: 0}, 2: {7: 0}, 3: {7: 1}}) == [[0, 1, 2]]


@settings(deadline=None, max_examples=60)
@given(st.lists(PIECES, max_size=15), st.data())
def test_what_people_told_apart_holds_in_any_corpus(texts, data):
    row = st.integers(0, max(0, len(texts) - 1))
    apart = data.draw(st.dictionaries(row, st.dictionaries(st.integers(1, 3), st.integers(0, 2), max_size=2)))
    together = clusters(texts)
    for cluster in clusters(texts, apart=apart):
        assert any(set(cluster) <= set(whole) for whole in together)
        for number in (1, 2, 3):
            assert len({apart[row][number] for row in cluster if number in apart.get(row, {})}) <= 1


@needs_voices
def test_a_handbook_that_is_there_twice_is_found_page_by_page():
    """35 pages as Markdown and as HTML: most passages have a twin, the rest recurs on several pages."""
    texts, pages = [], []
    for reading in read_files(files_under(VOICES / "healthchecks")):
        for document in reading.documents:
            for piece in pieces(document):
                texts.append(piece.text)
                pages.append(Path(reading.name).stem)
    found = clusters(texts)
    twins = [cluster for cluster in found if len(cluster) == 2 and len({pages[row] for row in cluster}) == 1]
    assert len(twins) >= 280 and len(found) <= 400


@needs_voices
@pytest.mark.parametrize("name", ["based-cooking", "eighteenf"])
def test_real_copy_is_no_copy_of_itself(name):
    """No two posts or recipes are near-copies; only what recurs on many pages by intent is found."""
    texts = []
    for reading in read_files(files_under(VOICES / name)):
        texts += [piece.text for document in reading.documents for piece in pieces(document)]
    found = clusters(texts)
    assert sum(map(len, found)) - len(found) <= 0.03 * len(texts)
