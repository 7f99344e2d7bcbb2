"""What a run tells while it goes and when it ends. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

StageName = Literal["supervised", "preference"]


@dataclass(frozen=True)
class Progress:
    """Where a run stands after a step. Losses are in nats per token (supervised) or per pair."""

    stage: StageName
    step: int
    steps: int
    train_loss: float
    validation_loss: float | None
    tokens_per_second: float
    seconds_left: float
    tokens: int


@dataclass(frozen=True)
class Outcome:
    """How a run ended. `adapter` is a folder in PEFT's own layout, inside the work folder.

    `validation_loss` is the best of the supervised stage and `preference_loss` that of the
    preference stage, each on its own validation rows; None without such rows. `first_validation_loss`
    is what the adapter started from. `seconds` and `tokens` include what ran before an interruption.
    `pair_losses` has the finished adapter's nats per token on each training and validation pair, by its id.
    """

    adapter: Path
    validation_loss: float | None
    first_validation_loss: float | None
    preference_loss: float | None
    stopped_early: bool
    cancelled: bool
    steps: int
    tokens: int
    seconds: float
    device: str
    threads: int
    trainable_parameters: int
    total_parameters: int
    base_digest_before: str
    base_digest_after: str
    curves: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pair_losses: dict[str, float] = field(default_factory=dict)
