"""The starter base model and the grammar that it was trained on."""

import re
from itertools import islice

import pytest
import torch
from safetensors import safe_open

from training.starter import PATH
from training.starter.evaluate import check, following, held_out_documents
from training.starter.grammar import stream
from training.starter.words import held_out


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
    torch.set_num_threads(2)
    counts = check(*starter, held_out_documents(24, seed=2024))
    for kinds in (("name",), ("price", "date", "weekday", "place")):
        found, asked = (sum(counts.get(kind, (0, 0))[i] for kind in kinds) for i in (0, 1))
        assert found / asked >= 0.85, (kinds, counts)
