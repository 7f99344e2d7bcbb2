"""The starter base model and the grammar that it was trained on."""

import json
import re
from collections import Counter
from itertools import islice
from pathlib import Path
from random import Random

import pytest
import torch
from safetensors import safe_open

from reviews.demo.library import MARKS, documents
from reviews.demo.load import CLIENTS, FOLDER
from reviews.demo.order import fact_value
from training.corpus.brief import Brief
from training.engine.base import STARTER, load_base
from training.engine.writing import WritingSettings, write
from training.starter import PATH
from training.starter.build import Recipe, build, example, is_finished, write_card
from training.starter.evaluate import check, following, held_out_documents
from training.starter.grammar import TRAIN_NAMES, Document, stream
from training.starter.styles import MARK, styled
from training.starter.words import held_out
from training.store import file_digest


def test_the_copy_states_every_value_of_the_brief_word_for_word():
    for doc in islice(stream(11), 500):
        for kind, value in doc.values:
            assert value in doc.copy, (kind, value, doc.copy)


def test_every_fact_value_but_its_capital_stands_in_the_brief():
    for doc in islice(stream(12), 500):
        prompt = doc.brief.prompt().casefold()
        assert all(value.casefold() in prompt for _, value in doc.values), doc


def test_copy_ends_with_the_call_to_action():
    for doc in islice(stream(13), 500):
        call = doc.brief.call_to_action
        assert not call or doc.copy.rstrip(".!").casefold().endswith(call.rstrip(".!").casefold())


def test_the_same_seed_gives_the_same_documents():
    assert list(islice(stream(5), 50)) == list(islice(stream(5), 50))
    assert list(islice(stream(5), 50)) != list(islice(stream(6), 50))


def test_no_held_out_name_occurs_in_training_text():
    seen = "\n".join(doc.brief.prompt() + doc.copy for doc in islice(stream(3), 3000))
    for doc in held_out_documents(200):
        name = doc.values[0][1]
        assert held_out(name)
        assert not re.search(rf"\b{re.escape(name)}\b", seen), name


def test_copy_in_no_settled_voice_states_the_name_and_is_never_the_house_style():
    rng = Random(8)
    docs = [styled(rng, TRAIN_NAMES) for _ in range(300)]
    for doc in docs:
        name = doc.values[0][1]
        assert name.casefold() in doc.copy.casefold(), (name, doc.copy)
        assert "{" not in doc.copy and not held_out(name), doc.copy
    values = [value for doc in docs for _, value in doc.values[1:]]
    assert len(values) > 600 and len({doc.copy for doc in docs}) == len(docs)


TINY = Recipe(
    vocabulary=400, tokenizer_documents=200, width=16, inner=32, layers=1, heads=2, steps=24, warmup=2, repeat_steps=4,
    short_steps=6, batch_tokens=512, check_every=8, check_documents=40,
)  # fmt: skip


def test_the_same_recipe_builds_the_same_weights(tmp_path):
    for name in ("one", "two"):
        build(TINY, tmp_path / name, say=lambda line: None)
    one, two = (file_digest(tmp_path / name / "model.safetensors") for name in ("one", "two"))
    assert one == two
    other = Recipe(**{**vars(TINY), "seed": 8})
    build(other, tmp_path / "other", say=lambda line: None)
    assert file_digest(tmp_path / "other" / "model.safetensors") != one


def test_a_build_that_was_stopped_goes_on_to_the_same_weights(tmp_path):
    build(TINY, tmp_path / "whole", say=lambda line: None)
    said = []

    def stop(line):
        said.append(line)
        if "step 16" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(TINY, tmp_path / "stopped", say=stop)
    assert not is_finished(tmp_path / "stopped")
    build(TINY, tmp_path / "stopped", say=said.append)
    assert not any("step 8 " in line for line in said[said.index(next(x for x in said if "step 16" in x)) + 1 :])
    assert is_finished(tmp_path / "stopped") and not (tmp_path / "stopped" / "unfinished").exists()
    both = [file_digest(tmp_path / name / "model.safetensors") for name in ("whole", "stopped")]
    assert both[0] == both[1]


def test_a_second_leg_goes_on_from_the_first_and_the_card_tells_of_both(tmp_path):
    build(TINY, tmp_path / "first", say=lambda line: None)
    second = Recipe(**{**vars(TINY), "seed": 9, "library": 0.5, "repeat_steps": 0})
    with pytest.raises(ValueError, match="give a library"):
        build(second, tmp_path / "second", start=tmp_path / "first", say=lambda line: None)
    build(second, tmp_path / "second", start=tmp_path / "first", library=documents, say=lambda line: None)
    digests = {file_digest(tmp_path / name / "model.safetensors") for name in ("first", "second")}
    assert len(digests) == 2
    write_card(tmp_path / "second")
    card = (tmp_path / "second" / "README.md").read_text()
    assert "| 1 | 24 |" in card and "| 2 | 24 |" in card


def test_the_library_holds_no_brief_and_no_text_of_the_demo_and_no_held_out_name():
    texts = [Path(f"reviews/demo/{name}.jsonl").read_text() for name in ("bakery", "workflow")]
    rows = [json.loads(line) for text in texts for line in text.splitlines()]
    outputs, digests = {row["output"] for row in rows}, {Brief.from_dict(row).digest() for row in rows}
    docs = list(islice(documents(5), 1500))
    assert not outputs & {doc.copy for doc in docs}
    assert not digests & {doc.brief.digest() for doc in docs}
    unseen = {doc.values[0][1] for doc in held_out_documents(200)}
    assert not any(re.search(rf"\b{re.escape(name)}\b", doc.copy) for doc in docs for name in unseen)
    for doc in docs:
        places = [at for fact in doc.brief.facts if (at := doc.copy.casefold().find(fact_value(fact).casefold())) >= 0]
        assert places == sorted(places), doc
    assert [doc.copy for doc in docs[:50]] == [doc.copy for doc in islice(documents(5), 50)]


def test_each_settled_voice_stands_under_a_mark_of_its_own_and_a_plain_brief_under_none():
    marks = Counter(doc.mark for doc in islice(documents(5), 400))
    assert set(marks) == set(MARKS.values()) and min(marks.values()) > 150
    assert styled(Random(1)).mark == MARK and MARK not in marks
    assert not any(doc.mark or doc.brief.prompt().startswith(tuple(marks)) for doc in islice(stream(3), 50))


def test_facts_and_the_openings_of_a_settled_voice_weigh_more(starter):
    tokenizer = starter[1]
    doc = Document(Brief("ad", "the Zib", ("for £7",)), "The Zib. It's £7! Come.", (("name", "Zib"), ("price", "£7")))

    def weighed(**how):
        ids, weights = example(tokenizer, doc, 3.0, **how)
        heavy = [place for place, weight in enumerate(weights) if weight == 3.0]
        assert len(ids) == len(weights) and set(weights) <= {0.0, 1.0, 3.0}
        return tokenizer.decode([ids[place] for place in heavy]).split()

    assert "".join(weighed()) == "Zib£7"
    assert "".join(weighed(opening_weight=3.0)) == "TheZibIt£7Come"


def test_following_counts_each_kind_by_itself():
    docs = held_out_documents(20)
    assert all(found == asked for found, asked in following(docs, [doc.copy for doc in docs]).values())
    assert following(docs, [""] * 20)["name"] == (0, 20)


@pytest.fixture(scope="module")
def starter():
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model = AutoModelForCausalLM.from_pretrained(PATH, dtype=torch.float32, trust_remote_code=False)
    return model, AutoTokenizer.from_pretrained(PATH, trust_remote_code=False)


def test_the_shipped_weights_are_small_and_in_float16():
    assert sum(file.stat().st_size for file in PATH.iterdir()) <= 12 * 1024 * 1024
    with safe_open(PATH / "model.safetensors", "pt") as weights:
        assert {weights.get_tensor(key).dtype for key in list(weights.keys())} == {torch.float16}


def test_the_tokenizer_gives_text_back_and_adds_nothing(starter):
    tokenizer = starter[1]
    for text in ("Ahoy! £3.50 for a café au lait, 20% off.\nSecond line – “quoted”.", "Copper Kettle", "9 am"):
        ids = tokenizer.encode(text, add_special_tokens=False)
        assert tokenizer.encode(text) == ids
        assert tokenizer.decode(ids) == text
    assert len({tokenizer.bos_token_id, tokenizer.eos_token_id, tokenizer.pad_token_id} - {None}) == 3


def test_a_name_is_the_same_tokens_at_the_start_of_the_copy_as_in_the_brief(starter):
    tokenizer = starter[1]
    assert tokenizer.encode("about Velmora")[-len(tokenizer.encode("Velmora")) :] == tokenizer.encode("Velmora")


def test_the_starter_follows_briefs_whose_names_it_has_never_seen(starter):
    torch.set_num_threads(1)
    counts = check(*starter, held_out_documents(24, seed=2024))
    for kinds in (("name",), ("price", "date", "weekday", "place")):
        found, asked = (sum(counts.get(kind, (0, 0))[i] for kind in kinds) for i in (0, 1))
        assert found / asked >= 0.85, (kinds, counts)


@pytest.mark.parametrize("demo", CLIENTS, ids=lambda demo: demo.file)
def test_the_demo_adapters_keep_following_briefs_about_anything(demo):
    """The bar stands in tests/bench/starter.py, on 200 briefs; these few leave room for chance."""
    torch.set_num_threads(1)
    docs = held_out_documents(32, seed=2024)
    prompts, seeds = [doc.brief.prompt() for doc in docs], list(range(len(docs)))
    adapter = FOLDER / "evidence" / demo.file / "adapter"
    greedy = WritingSettings(temperature=0)
    texts = [one.text for one in write(load_base(STARTER), prompts, adapter=adapter, seeds=seeds, settings=greedy)]
    counts = following(docs, texts)
    for kinds, bar in ((("name",), 0.85), (("price", "date", "place"), 0.75)):
        found, asked = (sum(counts[kind][i] for kind in kinds) for i in (0, 1))
        assert found / asked >= bar, (kinds, counts)
