"""What a run says of its single pairs: how much each counts, and how well each was learnt."""

from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F

from tests import tiny
from training.corpus.snapshot import SnapshotRows
from training.engine.adapter import loaded_adapter, new_adapter
from training.engine.base import pad_id
from training.engine.batches import Scorer, encode
from training.engine.supervised import Supervised

LINES = tiny.rows().supervised_train[:3]


def stage(base, rows, batch_size=8):
    examples = [encode(base.tokenizer, row.prompt, row.completion, row.weight) for row in rows]
    run = replace(tiny.RUN, batch_size=batch_size, dropout=0.0)
    return Supervised(
        run=run, base=base, pad=pad_id(base), scorer=Scorer(base.model), train=examples, validation=examples
    )


def test_a_pair_of_weight_two_counts_as_if_it_were_there_twice():
    base = tiny.base()
    with new_adapter(base, tiny.RUN):
        once = stage(base, [replace(LINES[0], weight=2.0), *LINES[1:]]).loss([0, 1, 2])[0]
        twice = stage(base, [LINES[0], *LINES]).loss([0, 1, 2, 3])[0]
        plain = stage(base, LINES).loss([0, 1, 2])[0]
    assert once.item() == pytest.approx(twice.item(), abs=1e-6)
    assert abs(once.item() - plain.item()) > 1e-3


def test_weights_change_what_a_run_learns(tmp_path):
    rows = tiny.rows()
    heavy = replace(
        rows, supervised_train=[replace(row, weight=3.0 if row.pair == "0" else 1.0) for row in rows.supervised_train]
    )
    plain = tiny.run(tmp_path / "plain", tiny.base(), rows)
    other = tiny.run(tmp_path / "heavy", tiny.base(), heavy)
    assert tiny.files(plain.adapter) != tiny.files(other.adapter)
    assert other.pair_losses["0"] < plain.pair_losses["0"]


def test_a_finished_run_tells_the_loss_of_each_pair_as_the_model_itself_computes_it(tmp_path):
    base, rows = tiny.base(), tiny.rows()
    outcome = tiny.run(tmp_path, base, rows)
    assert set(outcome.pair_losses) == {row.pair for row in [*rows.supervised_train, *rows.supervised_validation]}
    with torch.no_grad(), loaded_adapter(base, outcome.adapter):
        for row in [rows.supervised_train[5], rows.supervised_validation[1]]:
            example = encode(base.tokenizer, row.prompt, row.completion)
            logits = base.model(input_ids=torch.tensor([example.tokens[:-1]])).logits[0]
            targets = torch.tensor(example.tokens[1:])
            plain = F.cross_entropy(logits[example.prompt - 1 :], targets[example.prompt - 1 :])
            assert outcome.pair_losses[row.pair] == pytest.approx(plain.item(), abs=1e-5)


def test_a_pair_that_is_too_long_has_no_loss(tmp_path):
    rows = tiny.rows()
    long = replace(rows.supervised_train[0], pair="long", completion="x" * 300)
    outcome = tiny.run(
        tmp_path, tiny.base(), SnapshotRows([*rows.supervised_train, long], rows.supervised_validation), epochs=1
    )
    assert "long" not in outcome.pair_losses and "0" in outcome.pair_losses
