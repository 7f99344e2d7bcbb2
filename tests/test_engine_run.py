import json
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from tests import tiny
from training.corpus.snapshot import SnapshotRows
from training.engine import run
from training.engine.base import digest, load_base
from training.engine.errors import EngineError

NO_PREFERENCES = {"minimum_preferences": 1000}


def parameters(base):
    return {name: value.detach().clone() for name, value in base.model.named_parameters()}


def test_only_the_adapter_is_trained_and_the_base_stays_to_the_bit(tmp_path):
    base = tiny.base()
    before = parameters(base)
    outcome = tiny.run(tmp_path, base, tiny.rows())
    after = parameters(base)
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert outcome.base_digest_before == outcome.base_digest_after == digest(base.model) == base.digest
    tensors = load_file(outcome.adapter / "adapter_model.safetensors")
    assert all("lora_" in name for name in tensors)
    assert all(tensor.abs().max() > 0 for name, tensor in tensors.items() if "lora_B" in name)
    assert outcome.trainable_parameters == sum(tensor.numel() for tensor in tensors.values())
    assert outcome.total_parameters == base.parameters


def test_the_loss_on_eight_rows_falls_far(tmp_path):
    changes = {"learning_rate": 0.03, "epochs": 30, "dropout": 0.0, "patience": 0, **NO_PREFERENCES}
    outcome = tiny.run(tmp_path, tiny.base(), tiny.rows(pairs=8), **changes)
    losses = [line["train_loss"] for line in outcome.curves if line["train_loss"] is not None]
    assert losses[0] > 4
    assert losses[-1] < losses[0] / 4
    assert outcome.validation_loss < outcome.first_validation_loss


@pytest.mark.parametrize("kind", ["llama", "gpt2", "qwen2", "stories260k"])
def test_plain_peft_loads_the_adapter_and_gives_the_same_logits(kind, tmp_path):
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    from training.engine.adapter import loaded_adapter

    if kind == "stories260k":
        if not tiny.STORIES.exists():
            pytest.skip("needs ../shared/models/stories260k")
        folder, base = tiny.STORIES, load_base(str(tiny.STORIES))
    else:
        folder, base = tmp_path / "model", tiny.base(kind)
        base.model.save_pretrained(folder)
    outcome = tiny.run(tmp_path, base, tiny.rows(), **NO_PREFERENCES)
    ids = torch.tensor([base.tokenizer("Write an ad about amber.")["input_ids"]])
    with torch.no_grad(), loaded_adapter(base, outcome.adapter):
        ours = base.model(ids).logits
    fresh = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    with torch.no_grad():
        plain = fresh(ids).logits.clone()
        theirs = PeftModel.from_pretrained(fresh, str(outcome.adapter)).eval()(ids).logits
    assert torch.allclose(ours, theirs, atol=1e-5)
    assert not torch.allclose(theirs, plain, atol=1e-2)


def test_the_adapter_names_the_base_and_no_path(tmp_path):
    outcome = tiny.run(tmp_path, tiny.base(), tiny.rows(), **NO_PREFERENCES)
    config = json.loads((outcome.adapter / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == "tiny-llama"
    assert (config["peft_type"], config["task_type"], config["r"]) == ("LORA", "CAUSAL_LM", 4)
    kinds = {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}
    assert set(config["target_modules"]) == kinds
    assert str(tmp_path) not in json.dumps(config)


def test_the_same_run_twice_gives_the_same_adapter_to_the_bit(tmp_path):
    once, twice = (tiny.run(tmp_path / name, tiny.base(), tiny.rows()) for name in ("once", "twice"))
    assert tiny.files(once.adapter) == tiny.files(twice.adapter)
    other = tiny.run(tmp_path / "other", tiny.base(), tiny.rows(), seed=2)
    assert tiny.files(other.adapter) != tiny.files(once.adapter)


def test_progress_counts_steps_and_tokens_and_time_left_through_both_stages(tmp_path):
    told = []
    outcome = tiny.run(tmp_path, tiny.base(), tiny.rows(), report=told.append)
    assert [(p.stage, p.step) for p in told] == [
        *(("supervised", step) for step in range(1, 9)),
        *(("preference", step) for step in range(1, 3)),
    ]
    assert {(p.stage, p.steps) for p in told} == {("supervised", 8), ("preference", 2)}
    assert [p.tokens for p in told] == sorted({p.tokens for p in told})
    assert all(p.tokens_per_second > 0 and p.seconds_left >= 0 for p in told)
    assert told[0].seconds_left > 0 and told[-1].seconds_left == pytest.approx(0, abs=1e-6)
    assert told[-1].tokens == outcome.tokens
    assert outcome.steps == 10
    assert outcome.seconds > 0


def test_training_stops_early_and_keeps_the_best(tmp_path):
    changes = {"learning_rate": 0.5, "warmup_ratio": 0.0, "epochs": 20, "patience": 2, **NO_PREFERENCES}
    outcome = tiny.run(tmp_path, tiny.base(), tiny.rows(), **changes)
    seen = [line["validation_loss"] for line in outcome.curves if line["validation_loss"] is not None]
    assert outcome.stopped_early
    assert outcome.steps < 80
    assert outcome.validation_loss == min(seen) < min(seen[-2:])
    assert loss_of(tmp_path, outcome.adapter) == pytest.approx(min(seen), abs=1e-5)


def loss_of(folder, adapter):
    """The validation loss of an adapter, measured by a run that starts from it and is cancelled at once."""
    start = {"start_adapter": adapter, **NO_PREFERENCES}
    again = tiny.run(folder / "again", tiny.base(), tiny.rows(), cancelled=lambda: True, **start)
    return again.first_validation_loss


def test_a_cancelled_run_keeps_the_best_adapter_so_far(tmp_path):
    told = []
    outcome = tiny.run(
        tmp_path, tiny.base(), tiny.rows(), report=told.append, cancelled=lambda: len(told) >= 3, epochs=50
    )
    assert outcome.cancelled
    assert outcome.steps == 3
    seen = [line["validation_loss"] for line in outcome.curves if line["validation_loss"] is not None]
    assert outcome.validation_loss == min(seen) < outcome.first_validation_loss
    assert loss_of(tmp_path, outcome.adapter) == pytest.approx(min(seen), abs=1e-5)


def test_a_run_can_be_cancelled_in_its_preference_stage(tmp_path):
    told = []
    outcome = tiny.run(
        tmp_path, tiny.base(), tiny.rows(), report=told.append, cancelled=lambda: len(told) >= 9, preference_epochs=9
    )
    assert outcome.cancelled
    assert told[-1].stage == "preference"
    assert (outcome.adapter / "adapter_model.safetensors").is_file()


def test_a_run_starts_from_an_earlier_adapter_and_keeps_its_rank(tmp_path):
    first = tiny.run(tmp_path / "first", tiny.base(), tiny.rows(), **NO_PREFERENCES)
    second = tiny.run(
        tmp_path / "second", tiny.base(), tiny.rows(), start_adapter=first.adapter, rank=8, **NO_PREFERENCES
    )
    assert second.first_validation_loss == pytest.approx(first.validation_loss, abs=1e-5)
    assert "The adapter that it starts from has rank 4, which it keeps." in second.notes


def test_a_loss_that_is_no_number_ends_the_run_with_advice_and_a_whole_base(tmp_path):
    base = tiny.base()
    with pytest.raises(EngineError, match=r"no longer a number at step \d+ .* learning_rate is 1; use a smaller one"):
        tiny.run(tmp_path, base, tiny.rows(), learning_rate=1.0, epochs=200, clip_norm=1e30, patience=0, alpha=10**9)
    assert digest(base.model) == base.digest
    assert not (tmp_path / "work" / "adapter").exists()


def test_a_snapshot_without_pairs_is_refused(tmp_path):
    with pytest.raises(EngineError, match="no training pairs; validate some"):
        tiny.run(tmp_path, tiny.base(), SnapshotRows())


def test_pairs_that_are_too_long_are_left_out_and_counted(tmp_path):
    rows = tiny.rows()
    long = replace(rows.supervised_train[0], completion="long " * 60)
    rows = replace(rows, supervised_train=[long, *rows.supervised_train[1:]])
    outcome = tiny.run(tmp_path, tiny.base(), rows, **NO_PREFERENCES)
    assert "1 of 16 training pairs were left out: they are longer than 256 tokens." in outcome.notes


def test_pairs_that_are_all_too_long_are_refused_with_the_limit(tmp_path):
    with pytest.raises(EngineError, match=r"All 16 training pairs are longer than 20 tokens\. Raise max_length"):
        tiny.run(tmp_path, tiny.base(), tiny.rows(), max_length=20)


def test_without_validation_pairs_the_last_adapter_is_kept_and_it_is_said(tmp_path):
    rows = replace(tiny.rows(), supervised_validation=[], preferences_validation=[])
    outcome = tiny.run(tmp_path, tiny.base(), rows)
    assert outcome.validation_loss is None
    assert not outcome.stopped_early
    assert "There are no validation pairs: no validation loss, no early stop." in outcome.notes


def test_layers_that_the_base_does_not_have_are_refused(tmp_path):
    with pytest.raises(EngineError, match="No adapter fits tiny-llama"):
        tiny.run(tmp_path, tiny.base(), tiny.rows(), target_modules=("c_attn",))


def test_an_adapter_of_another_base_is_refused(tmp_path):
    first = tiny.run(tmp_path / "first", tiny.base(), tiny.rows(), **NO_PREFERENCES)
    wider = tiny.base(hidden_size=64)
    with pytest.raises(EngineError, match="of another base model"):
        tiny.run(tmp_path / "second", wider, tiny.rows(), start_adapter=first.adapter)
    assert digest(wider.model) == wider.digest


def test_a_pickled_adapter_is_never_opened(tmp_path):
    first = tiny.run(tmp_path / "first", tiny.base(), tiny.rows(), **NO_PREFERENCES)
    (first.adapter / "adapter_model.safetensors").rename(first.adapter / "adapter_model.bin")
    with pytest.raises(EngineError, match=r"it has no adapter_model\.safetensors\. Nothing else is opened"):
        tiny.run(tmp_path / "second", tiny.base(), tiny.rows(), start_adapter=first.adapter)


def test_a_tiny_base_takes_one_thread_and_a_larger_one_the_cores(monkeypatch):
    monkeypatch.setattr(run, "_cores", lambda: 16)
    assert run.choose_threads(0, 3_000_000) == 1
    assert run.choose_threads(0, 1_000_000_000) == 4
    assert run.choose_threads(2, 3_000_000) == 2
