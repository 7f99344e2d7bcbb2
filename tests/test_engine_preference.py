import math
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F

from tests import tiny
from training.engine.adapter import loaded_adapter, new_adapter
from training.engine.batches import Scorer, encode
from training.engine.preference import Choice, Preference, dpo_losses


def choices(base):
    return [
        Choice(encode(base.tokenizer, prompt, chosen), encode(base.tokenizer, prompt, rejected))
        for prompt, chosen, rejected in [
            ("Ad:\n", "Ahoy!", "Dear all,"),
            ("A post:\n", "Ahoy there.", "Hi"),
            ("x", "a", "b"),
        ]
    ]


def log_probability(model, example):
    """Of a whole completion, one text at a time, the plain way."""
    ids = torch.tensor([example.tokens])
    scores = model(ids).logits[0, :-1].log_softmax(-1).gather(1, ids[0, 1:, None]).squeeze(1)
    return scores[example.prompt - 1 :].sum()


def stage(base, run, train, validation=()):
    scorer = Scorer(base.model)
    return Preference(run=run, base=base, pad=258, scorer=scorer, train=train, validation=validation, saved={})


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_loss_and_gradient_equal_the_plain_formula(smoothing):
    base = tiny.base()
    run = replace(tiny.RUN, beta=0.3, sft_weight=0.5, label_smoothing=smoothing)
    pairs = choices(base)
    with new_adapter(base, run) as adapter:
        reference = stage(base, run, pairs)
        with torch.no_grad():
            before = [(log_probability(base.model, c.chosen), log_probability(base.model, c.rejected)) for c in pairs]
            for parameter in adapter.parameters:
                parameter.add_(0.05 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(1)))
        ours, tokens = reference.loss([0, 1, 2])
        ours.backward()
        gradients = [parameter.grad.clone() for parameter in adapter.parameters]
        for parameter in adapter.parameters:
            parameter.grad = None

        plain, nats, count = torch.zeros(()), torch.zeros(()), 0
        for choice, (chosen_before, rejected_before) in zip(pairs, before, strict=True):
            chosen = log_probability(base.model, choice.chosen)
            rejected = log_probability(base.model, choice.rejected)
            margin = 0.3 * ((chosen - chosen_before) - (rejected - rejected_before))
            plain = plain - (1 - smoothing) * F.logsigmoid(margin) - smoothing * F.logsigmoid(-margin)
            nats, count = nats - chosen, count + len(choice.chosen.tokens) - choice.chosen.prompt
        plain = plain / 3 + 0.5 * nats / count
        plain.backward()
        assert ours.item() == pytest.approx(plain.item(), abs=1e-4)
        assert tokens == sum(choice.tokens for choice in pairs)
        for parameter, gradient in zip(adapter.parameters, gradients, strict=True):
            assert torch.allclose(gradient, parameter.grad, atol=1e-4)
        assert max(gradient.abs().max() for gradient in gradients) > 1e-2


def test_without_a_gain_the_loss_is_the_logarithm_of_two():
    zero = torch.zeros(4)
    assert torch.allclose(dpo_losses(zero, zero, 0.1, 0.0), torch.full((4,), math.log(2)))
    assert dpo_losses(torch.ones(1), -torch.ones(1), 1.0, 0.0) < math.log(2)


def margins(base, adapter, rows):
    with torch.no_grad(), loaded_adapter(base, adapter):
        found = []
        for row in rows.preferences_train:
            chosen, rejected = (encode(base.tokenizer, row.prompt, text) for text in (row.chosen, row.rejected))
            found.append(float(log_probability(base.model, chosen) - log_probability(base.model, rejected)))
    return sum(found) / len(found)


def test_preferences_raise_the_chosen_texts_over_the_rejected_ones(tmp_path):
    base, rows = tiny.base(), tiny.rows()
    supervised = tiny.run(tmp_path / "supervised", base, rows, minimum_preferences=1000)
    both = tiny.run(tmp_path / "both", base, rows, preference_epochs=5)
    assert margins(base, both.adapter, rows) > margins(base, supervised.adapter, rows) + 1
    losses = [c["validation_loss"] for c in both.curves if c["stage"] == "preference" and c["validation_loss"]]
    assert both.preference_loss == min(losses) < losses[0]


def test_the_reference_is_the_voices_own_supervised_adapter(tmp_path):
    outcome = tiny.run(tmp_path, tiny.base(), tiny.rows(), sft_weight=0.0)
    first = next(line for line in outcome.curves if line["stage"] == "preference")
    assert first["step"] == 0
    assert first["validation_loss"] == pytest.approx(math.log(2), abs=1e-5)


def test_too_few_preferences_are_left_for_later_with_a_note(tmp_path):
    outcome = tiny.run(tmp_path, tiny.base(), tiny.rows(), minimum_preferences=9)
    assert outcome.preference_loss is None
    assert "8 training preferences are too few to train on; minimum_preferences is 9." in outcome.notes


def test_preferences_alone_train_an_adapter_that_there_is_already(tmp_path):
    base, rows = tiny.base(), tiny.rows()
    first = tiny.run(tmp_path / "first", base, rows, minimum_preferences=1000)
    only = replace(rows, supervised_train=[])
    second = tiny.run(tmp_path / "second", base, only, start_adapter=first.adapter, preference_epochs=3)
    assert "There are no training pairs, so only the preferences were trained on." in second.notes
    assert margins(base, second.adapter, rows) > margins(base, first.adapter, rows)
