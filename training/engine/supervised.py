"""The supervised stage: the voice learns to answer briefs as its pairs do.

The loss is the mean negative log-likelihood of the completion tokens of a batch, in nats;
the prompt's tokens are read but never predicted.
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
        batch = self._collate([self.train[row] for row in rows])
        return -self.scorer(batch).mean(), batch.tokens

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

    def tensors(self) -> dict[str, torch.Tensor]:
        return {}

    def _collate(self, examples: Sequence[Example]) -> Batch:
        return collate(examples, self.pad, self.base.device)
