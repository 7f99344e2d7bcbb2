"""The settings of one run. Imports no torch, so that forms and jobs can use it.

The suggestions follow the field's own tables: TRL's PEFT guide (2e-4 with LoRA, ten times
full fine-tuning), "LoRA Without Regret" (adapters on all layers, small batches, the rank
matters little until the data exceed it) and, for the small starter base, our measurements.
"""

from __future__ import annotations

import math
import typing
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from training.engine.errors import ConfigError

ALL_LINEAR = "all-linear"
"""PEFT's word for every linear layer of the blocks; the output head is left out."""

SMALL_BASE = 50_000_000
"""Parameters below which a base takes a higher learning rate."""


@dataclass(frozen=True)
class LoraRun:
    """How one adapter is trained. Raises `ConfigError` naming the value that cannot be used.

    Lengths are in tokens, `checkpoint_every` in optimizer steps, ratios and dropout in 0..1.
    `patience` counts evaluations without a better validation loss; 0 never stops early.
    `threads` 0 lets the run choose. Label smoothing is the share of preferences that the
    reviewers themselves would turn round (conservative DPO, Mitchell 2023).
    """

    learning_rate: float = 2e-4
    batch_size: int = 8
    epochs: int = 3
    rank: int = 16
    alpha: int = 32
    dropout: float = 0.05
    target_modules: str | tuple[str, ...] = ALL_LINEAR
    max_length: int = 512
    warmup_ratio: float = 0.05
    weight_decay: float = 0.01
    clip_norm: float = 1.0
    patience: int = 3
    evaluations: int = 2
    seed: int = 1
    checkpoint_every: int = 25
    threads: int = 0
    preference_learning_rate: float = 5e-6
    preference_epochs: int = 1
    beta: float = 0.1
    sft_weight: float = 0.2
    minimum_preferences: int = 1
    label_smoothing: float = 0.0

    def __post_init__(self) -> None:
        self._check_kinds()
        for name in ("learning_rate", "preference_learning_rate"):
            self._require(name, 0 < getattr(self, name) <= 1, "use a number above 0 and at most 1")
        for name in ("batch_size", "epochs", "rank", "alpha", "evaluations", "checkpoint_every"):
            self._require(name, getattr(self, name) >= 1, "use 1 or more")
        for name in ("patience", "threads", "preference_epochs", "minimum_preferences"):
            self._require(name, getattr(self, name) >= 0, "use 0 or more")
        for name in ("weight_decay", "sft_weight"):
            self._require(name, getattr(self, name) >= 0, "use 0 or more")
        for name in ("dropout", "warmup_ratio"):
            self._require(name, 0 <= getattr(self, name) < 1, "use 0 or more, below 1")
        for name in ("clip_norm", "beta"):
            self._require(name, getattr(self, name) > 0, "use a number above 0")
        self._require("max_length", self.max_length >= 8, "use 8 tokens or more")
        self._require("seed", 0 <= self.seed < 2**63, "use a whole number from 0 to 2^63 - 1")
        self._require("label_smoothing", 0 <= self.label_smoothing < 0.5, "use 0 or more, below 0.5")
        if isinstance(self.target_modules, str):
            self._require("target_modules", self.target_modules == ALL_LINEAR, f"use {ALL_LINEAR!r} or a list of names")
        else:
            named = bool(self.target_modules) and all(self.target_modules)
            self._require("target_modules", named, f"name at least one layer, or use {ALL_LINEAR!r}")

    def _check_kinds(self) -> None:
        kinds = typing.get_type_hints(type(self))
        for field in fields(self):
            value = getattr(self, field.name)
            if kinds[field.name] is int:
                self._require(field.name, type(value) is int, "use a whole number")
            elif kinds[field.name] is float:
                fits = type(value) in (int, float) and math.isfinite(value)
                self._require(field.name, fits, "use a finite number")
            else:
                fits = isinstance(value, str) or (
                    isinstance(value, tuple) and all(isinstance(name, str) for name in value)
                )
                self._require(field.name, fits, f"use {ALL_LINEAR!r} or a list of names")

    def _require(self, name: str, holds: bool, advice: str) -> None:
        if not holds:
            raise ConfigError(f"{name} is {getattr(self, name)!r}; {advice}.")

    def to_dict(self) -> dict[str, Any]:
        """JSON-able; `from_dict` reads it back."""
        values = asdict(self)
        if not isinstance(self.target_modules, str):
            values["target_modules"] = list(self.target_modules)
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> LoraRun:
        """Missing keys take their defaults. Raises `ConfigError` naming unknown keys."""
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            settings = ", ".join(sorted(known))
            raise ConfigError(f"A run has no setting named {', '.join(unknown)}; use: {settings}.")
        given = dict(values)
        if isinstance(given.get("target_modules"), list):
            given["target_modules"] = tuple(given["target_modules"])
        return cls(**given)

    @classmethod
    def suggested(cls, pairs: int, parameters: int) -> LoraRun:
        """Settings for `pairs` training pairs on a base of `parameters` parameters."""
        if pairs < 300:
            run = cls(rank=8, alpha=16, dropout=0.1, epochs=5, batch_size=4, patience=2)
        elif pairs < 1000:
            run = cls(rank=16, alpha=32, dropout=0.05, epochs=4, batch_size=8, patience=3)
        else:
            run = cls(rank=16, alpha=32, dropout=0.05, epochs=3, batch_size=16, patience=3)
        if parameters >= SMALL_BASE:
            return run
        # A small base learns less from each step: a higher rate, fewer passes, and no dropout, which
        # costs a tenth of the time there and is not needed while early stopping watches.
        rate = 1e-3 if pairs < 300 else 2e-3
        epochs = 5 if pairs < 300 else 2
        return replace(run, learning_rate=rate, epochs=epochs, dropout=0.0, preference_learning_rate=1e-4)
