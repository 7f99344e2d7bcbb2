import collections

import pytest
import torch

from tests import tiny
from training.engine.base import digest, load_base
from training.engine.errors import WritingError
from training.engine.writing import WritingSettings, choose, write

PROMPTS = ["a", "Write an ad about tea.\n", "x" * 60, "A brief of middling length.\n"]
SETTINGS = WritingSettings(temperature=1.0, top_k=0, max_new_tokens=40)


@pytest.mark.parametrize("kind", ["llama", "gpt2", "qwen2"])
def test_a_text_is_the_same_alone_and_in_company(kind):
    base = tiny.base(kind)
    together = write(base, PROMPTS, seeds=[1, 2, 3, 4], settings=SETTINGS)
    alone = [write(base, [prompt], seeds=[seed], settings=SETTINGS)[0] for seed, prompt in enumerate(PROMPTS, start=1)]
    assert together == alone
    assert len({written.text for written in together}) == 4


def test_another_seed_gives_another_text_and_the_same_seed_the_same():
    base = tiny.base()
    first, second, again = write(base, ["Ad:\n"] * 3, seeds=[1, 2, 1], settings=SETTINGS)
    assert first == again != second


def test_temperature_zero_takes_the_likeliest_token_whatever_the_seed():
    base = tiny.base()
    settings = WritingSettings(temperature=0.0, max_new_tokens=12)
    first, second = write(base, ["Ad:\n"] * 2, seeds=[1, 2], settings=settings)
    ids = torch.tensor([[256, *base.tokenizer("Ad:\n", add_special_tokens=False)["input_ids"]]])
    for _ in range(12):
        token = base.model(ids).logits[0, -1].argmax()
        if token == base.tokenizer.eos_token_id:
            break
        ids = torch.cat([ids, token.view(1, 1)], dim=1)
    assert first == second
    assert first.text == base.tokenizer.decode(ids[0, 5:]).strip()


def test_writing_stops_where_the_model_ends_its_text(tmp_path):
    base = tiny.base()
    outcome = tiny.run(tmp_path, base, tiny.rows(pairs=8), epochs=40, dropout=0.0, minimum_preferences=1000)
    prompt = tiny.rows().supervised_train[0].prompt
    settings = WritingSettings(temperature=0.0, max_new_tokens=80)
    (written,) = write(base, [prompt], adapter=outcome.adapter, seeds=[1], settings=settings)
    assert written.finished
    assert written.text.startswith("Ahoy, ")
    assert written.tokens < 40
    assert digest(base.model) == base.digest


def test_a_prompt_that_fills_the_context_is_named():
    base = tiny.base()
    with pytest.raises(WritingError, match=r"Prompt 2 \('yy.*\) has 301 tokens; tiny-llama reads 256 in all"):
        write(base, ["x", "y" * 300], seeds=[1, 2])


def test_a_text_ends_at_the_end_of_the_context():
    base = tiny.base()
    base.tokenizer.eos_token = None
    base.model.generation_config.eos_token_id = None
    short, long = write(base, ["x", "y" * 250], seeds=[1, 2], settings=SETTINGS)
    assert (short.tokens, short.finished) == (40, False)
    assert (long.tokens, long.finished) == (5, False)


def test_each_prompt_needs_its_seed():
    with pytest.raises(WritingError, match="2 prompts came with 1 seeds"):
        write(tiny.base(), ["a", "b"], seeds=[1])


@pytest.mark.parametrize("settings", [{"temperature": -1.0}, {"top_k": -1}, {"top_p": 0.0}, {"max_new_tokens": 0}])
def test_a_setting_that_cannot_be_used_is_named(settings):
    with pytest.raises(WritingError, match=next(iter(settings))):
        WritingSettings(**settings)


def test_tokens_are_drawn_as_often_as_their_share():
    logits = torch.tensor([[0.5, 0.3, 0.15, 0.05]]).log()
    draws = (torch.arange(1000, dtype=torch.float64) + 0.5) / 1000

    def counts(**settings):
        chosen = choose(logits.expand(1000, -1), draws, WritingSettings(**{"temperature": 1.0, "top_k": 0} | settings))
        return dict(sorted(collections.Counter(chosen.tolist()).items()))

    assert counts() == {0: 500, 1: 300, 2: 150, 3: 50}
    assert counts(top_k=2) == {0: 625, 1: 375}
    assert counts(top_p=0.7) == {0: 625, 1: 375}
    assert counts(top_p=0.4) == {0: 1000}
    assert counts(temperature=0.0) == {0: 1000}
    assert counts(temperature=0.5) == pytest.approx({0: 685, 1: 246, 2: 62, 3: 7}, abs=1)


@pytest.mark.skipif(not tiny.STORIES.exists(), reason="needs ../shared/models/stories260k")
def test_a_real_model_writes_words_and_the_same_ones_in_company():
    base = load_base(str(tiny.STORIES))
    prompts = ["Once upon a time, there was a cat", "One day", "Lily and Tom went to the park to play. They"]
    settings = WritingSettings(max_new_tokens=60)
    together = write(base, prompts, seeds=[5, 6, 7], settings=settings)
    assert together[1] == write(base, [prompts[1]], seeds=[6], settings=settings)[0]
    assert all(len(written.text.split()) > 15 for written in together)
