"""Overlap with reference copy, against figures worked out by hand and by the tools themselves."""

from __future__ import annotations

import pytest
import sacrebleu
from hypothesis import given, settings
from hypothesis import strategies as st

from training.metrics.overlap import overlap

TEXTS = ["The rye is warm at four.", "We bake every day but Sunday.", "Ask for the crust."]
REFERENCES = ["The rye is warm at five.", "We bake each day but Sunday.", "Ask for the end of the loaf."]


def figures(texts, references):
    return {figure.name: figure for figure in overlap(texts, references)}


def test_rouge_by_hand():
    found = figures(["the cat sat"], ["the cat sat on the mat"])
    # 3 of 3 words and 3 of 6: F1 = 2 * 1 * 0.5 / 1.5; bigrams 2 of 2 and 2 of 5.
    assert found["rouge1"].value == pytest.approx(2 / 3)
    assert found["rouge2"].value == pytest.approx(2 * 1 * 0.4 / 1.4)
    assert found["rougeL"].value == pytest.approx(2 / 3)


def test_words_count_in_any_script():
    found = figures(["Свежий хлеб утром"], ["Свежий хлеб вечером"])
    assert found["rouge1"].value == pytest.approx(2 / 3)
    assert figures(["CRÈME BRÛLÉE"], ["crème brûlée"])["rouge1"].value == 1


def test_bleu_is_sacrebleus_own_with_its_signature():
    found = figures(TEXTS, REFERENCES)["bleu"]
    assert found.value == pytest.approx(sacrebleu.corpus_bleu(TEXTS, [REFERENCES]).score)
    assert "version:" in found.signature and "tok:13a" in found.signature and "nrefs:1" in found.signature


def test_a_figure_lies_in_its_interval_and_names_its_n():
    for figure in overlap(TEXTS * 10, REFERENCES * 10):
        assert figure.low <= figure.value <= figure.high and figure.low < figure.high
        assert figure.n == 30 and figure.signature


def test_the_same_texts_give_the_same_intervals():
    assert overlap(TEXTS, REFERENCES) == overlap(TEXTS, REFERENCES)


def test_no_texts_give_no_figures_and_uneven_lists_are_refused():
    assert overlap([], []) == []
    with pytest.raises(ValueError, match="1 texts came with 2 references"):
        overlap(["a"], ["b", "c"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_any_text_against_itself_is_whole_and_nothing_breaks(texts):
    for figure in overlap(texts, texts):
        assert 0 <= figure.value <= (100.001 if figure.name == "bleu" else 1)
    for figure in overlap(texts, ["", *texts][: len(texts)]):
        assert figure.value >= 0
