"""The supervised stage: the voice learns to answer briefs as its pairs do.

The loss is the mean negative log-likelihood of the completion tokens of a batch, in nats, each
weighed as its pair is; the prompt's tokens are read but never predicted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch

from training.engine.batches import Batch, Example, Scorer, collate, shuffled_batches, sorted_batches
from training.engine.config import LoraRun
from training.engine.progress import StageName

if TYPE_CHECKING:
    from training.engine.base import Base


class Supervised:
    """A `Stage` over encoded pairs."""

    name: StageName = "supervised"
    learning_rate_name = "learning_rate"
    dropout = True

    def __init__(
        self,
        *,
        run: LoraRun,
        base: Base,
        pad: int,
        scorer: Scorer,
        train: Sequence[Example],
        validation: Sequence[Example],
    ) -> None:
        self.run, self.base, self.pad, self.scorer = run, base, pad, scorer
        self.train, self.validation = train, validation
        self.learning_rate, self.epochs = run.learning_rate, run.epochs
        self.lengths = [len(example.tokens) for example in train]
        self.tokens_per_epoch = sum(self.lengths)

    def batches(self, epoch: int) -> list[list[int]]:
        return shuffled_batches(self.lengths, self.run.batch_size, self.run.seed, epoch)

    def loss(self, rows: list[int]) -> tuple[torch.Tensor, int]:
        examples = [self.train[row] for row in rows]
        batch = self._collate(examples)
        scores = self.scorer(batch)
        if all(example.weight == 1 for example in examples):
            return -scores.mean(), batch.tokens
        weights = torch.tensor([example.weight for example in examples], device=scores.device)[batch.rows]
        return -(scores * weights).sum() / weights.sum(), batch.tokens

    @torch.no_grad()
    def validation_loss(self) -> float | None:
        """Nats per completion token over all validation rows, each token counting alike."""
        if not self.validation:
            return None
        total, count = 0.0, 0
        lengths = [len(example.tokens) for example in self.validation]
        for rows in sorted_batches(lengths, 2 * self.run.batch_size):
            scores = self.scorer(self._collate([self.validation[row] for row in rows]))
            total -= float(scores.double().sum())
            count += scores.numel()
        return total / count

    @torch.no_grad()
    def losses(self, examples: Sequence[Example]) -> list[float]:
        """Nats per completion token of each example by itself, as the adapter in place scores it."""
        found = [0.0] * len(examples)
        for rows in sorted_batches([len(example.tokens) for example in examples], 2 * self.run.batch_size):
            batch = self._collate([examples[row] for row in rows])
            scores = self.scorer(batch).double()
            sums = torch.zeros(len(rows), dtype=scores.dtype, device=scores.device).index_add(0, batch.rows, scores)
            counts = torch.bincount(batch.rows, minlength=len(rows)).clamp(min=1)
            for row, loss in zip(rows, (-sums / counts).tolist(), strict=True):
                found[row] = loss
        return found

    def tensors(self) -> dict[str, torch.Tensor]:
        return {}

    def _collate(self, examples: Sequence[Example]) -> Batch:
        return collate(examples, self.pad, self.base.device)
