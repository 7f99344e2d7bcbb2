"""The preference stage: direct preference optimization (Rafailov et al. 2023) with a supervised term.

    loss = -log sigmoid(beta * ((chosen - its reference) - (rejected - its reference)))
           + sft_weight * nats per token of the chosen texts

where chosen and rejected are log-probabilities of whole completions. The reference is the
voice's own supervised adapter; its log-probabilities are computed once, before the loop. The
supervised term keeps the chosen text from becoming less likely (TRL: loss_type
["sigmoid", "sft"]). Label smoothing is that of conservative DPO (Mitchell 2023).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F

from training.engine.batches import Example, Scorer, collate, shuffled_batches, sorted_batches
from training.engine.config import LoraRun
from training.engine.progress import StageName

if TYPE_CHECKING:
    from training.engine.base import Base


@dataclass(frozen=True)
class Choice:
    """Two completions of one prompt."""

    chosen: Example
    rejected: Example

    @property
    def tokens(self) -> int:
        return len(self.chosen.tokens) + len(self.rejected.tokens)


class Preference:
    """A `Stage` over encoded preferences. Make it while the reference's weights are in place."""

    name: StageName = "preference"
    learning_rate_name = "preference_learning_rate"
    dropout = False

    def __init__(
        self,
        *,
        run: LoraRun,
        base: Base,
        pad: int,
        scorer: Scorer,
        train: Sequence[Choice],
        validation: Sequence[Choice],
        saved: Mapping[str, torch.Tensor],
    ) -> None:
        self.run, self.base, self.pad, self.scorer = run, base, pad, scorer
        self.train, self.validation = train, validation
        self.learning_rate, self.epochs = run.preference_learning_rate, run.preference_epochs
        self.lengths = [choice.tokens for choice in train]
        self.tokens_per_epoch = sum(self.lengths)
        self.references = {
            "reference.train": self._reference(saved.get("reference.train"), train),
            "reference.validation": self._reference(saved.get("reference.validation"), validation),
        }

    def batches(self, epoch: int) -> list[list[int]]:
        return shuffled_batches(self.lengths, self.run.batch_size, self.run.seed, epoch)

    def loss(self, rows: list[int]) -> tuple[torch.Tensor, int]:
        reference = self.references["reference.train"][rows]
        losses, tokens = self._losses([self.train[row] for row in rows], reference)
        return losses, tokens

    @torch.no_grad()
    def validation_loss(self) -> float | None:
        """The loss over all validation preferences, each preference counting alike."""
        if not self.validation:
            return None
        total = 0.0
        for rows in sorted_batches([choice.tokens for choice in self.validation], self.run.batch_size):
            reference = self.references["reference.validation"][rows]
            loss, _ = self._losses([self.validation[row] for row in rows], reference)
            total += float(loss) * len(rows)
        return total / len(self.validation)

    def tensors(self) -> dict[str, torch.Tensor]:
        return self.references

    def _losses(self, choices: Sequence[Choice], reference: torch.Tensor) -> tuple[torch.Tensor, int]:
        """reference: (choices, 2), chosen first. Returns (mean loss, tokens)."""
        sums, nats, tokens = self._score(choices)
        gains = sums - reference.to(sums.device)
        losses = dpo_losses(gains[:, 0], gains[:, 1], self.run.beta, self.run.label_smoothing)
        return losses.mean() + self.run.sft_weight * nats, tokens

    def _score(self, choices: Sequence[Choice]) -> tuple[torch.Tensor, torch.Tensor, int]:
        """((choices, 2) log-probabilities, nats per token of the chosen texts, tokens)."""
        examples = [choice.chosen for choice in choices] + [choice.rejected for choice in choices]
        batch = collate(examples, self.pad, self.base.device)
        scores = self.scorer(batch)
        sums = torch.zeros(len(examples), device=scores.device).index_add(0, batch.rows, scores)
        nats = -scores[batch.rows < len(choices)].mean()
        return sums.view(2, len(choices)).T, nats, batch.tokens

    @torch.no_grad()
    def _reference(self, saved: torch.Tensor | None, choices: Sequence[Choice]) -> torch.Tensor:
        """(choices, 2) on the processor."""
        if saved is not None:
            return saved
        found = torch.zeros(len(choices), 2)
        for rows in sorted_batches([choice.tokens for choice in choices], self.run.batch_size):
            found[rows] = self._score([choices[row] for row in rows])[0].cpu()
        return found


def dpo_losses(chosen: torch.Tensor, rejected: torch.Tensor, beta: float, label_smoothing: float) -> torch.Tensor:
    """(batch,) losses from log-probability gains over the reference, (batch,) each."""
    margin = beta * (chosen - rejected)
    return -F.logsigmoid(margin) * (1 - label_smoothing) - F.logsigmoid(-margin) * label_smoothing
