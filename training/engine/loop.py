"""The training loop that both stages share: steps, evaluations, checkpoints, progress, cancel.

A stage says what a batch is and what its loss is; the loop does the rest. All that the loop
decides by is in `State`, which a checkpoint holds, so a run that is killed goes on as if it
had never stopped: on a processor, with the same number of threads, to the same bits.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

import torch

from training.engine import checkpoint
from training.engine.adapter import Adapter
from training.engine.config import LoraRun
from training.engine.errors import EngineError
from training.engine.progress import Progress, StageName

LINES = 100
"""Training losses kept per stage for the curves, besides those of the evaluations."""


class Stage(Protocol):
    """What the loop asks of a stage. A row is a number into the stage's training rows."""

    name: StageName
    learning_rate: float
    learning_rate_name: str
    epochs: int
    dropout: bool
    tokens_per_epoch: int

    def batches(self, epoch: int) -> list[list[int]]: ...

    def loss(self, rows: list[int]) -> tuple[torch.Tensor, int]:
        """(scalar loss with gradient, tokens read)"""
        ...

    def validation_loss(self) -> float | None:
        """None where there are no validation rows."""
        ...

    def tensors(self) -> dict[str, torch.Tensor]:
        """What a checkpoint of this stage must hold besides the loop's own."""
        ...


@dataclass
class State:
    """Where a run stands. `worse` counts evaluations since the best; `steps` those of ended stages.

    `stopped_early` is of the present stage, `ended_early` of any. `first` and `best` are validation
    losses by stage, `recent` the training losses since the last line of the curves. A run that goes
    on keeps its number of `threads`, as another would round differently.
    """

    stage: StageName = "supervised"
    step: int = 0
    steps: int = 0
    threads: int = 1
    tokens: int = 0
    seconds: float = 0.0
    worse: int = 0
    stopped_early: bool = False
    ended_early: bool = False
    cancelled: bool = False
    evaluated_at: int = -1
    first: dict[str, float] = field(default_factory=dict)
    best: dict[str, float] = field(default_factory=dict)
    recent: list[float] = field(default_factory=list)
    curves: list[dict[str, Any]] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    def start(self, stage: StageName) -> None:
        """Stand at the start of the next stage."""
        self.stage, self.step, self.worse, self.evaluated_at, self.stopped_early = stage, 0, 0, -1, False
        self.recent = []


class Loop:
    """One stage of a run, from `state.step` to its end."""

    def __init__(
        self,
        *,
        run: LoraRun,
        stage: Stage,
        adapter: Adapter,
        state: State,
        best: dict[str, torch.Tensor] | None,
        tokens_in_all: int,
        report: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        save: Callable[[dict[str, torch.Tensor]], None],
    ) -> None:
        self.run, self.stage, self.adapter, self.state = run, stage, adapter, state
        self.best = best
        self.tokens_in_all = tokens_in_all
        self.report, self.cancelled, self.save = report, cancelled, save
        self.optimizer = torch.optim.AdamW(
            adapter.parameters, lr=stage.learning_rate, weight_decay=run.weight_decay, fused=True
        )
        self.steps_per_epoch = len(stage.batches(0))
        self.steps = stage.epochs * self.steps_per_epoch
        self.began = time.perf_counter()
        self.tokens_before, self.seconds_before = state.tokens, state.seconds

    def restore(self, tensors: dict[str, torch.Tensor]) -> None:
        """Take up the optimizer and the random state of a checkpoint."""
        checkpoint.set_optimizer_state(self.optimizer, tensors)
        checkpoint.set_random_state(tensors)

    def go(self) -> dict[str, torch.Tensor]:
        """Train to the end, to an early stop or to a cancel; the adapter is then the best one seen.

        Returns its tensors. Raises `EngineError` when the loss is no longer a number.
        """
        state = self.state
        evaluations = self._evaluations()
        if state.step == 0 and state.evaluated_at != 0:
            self._evaluate()
            self.save(self._tensors())
        batches, epoch = self.stage.batches(0), 0
        while state.step < self.steps and not state.stopped_early:
            if self.cancelled():
                state.cancelled = True
                if state.evaluated_at != state.step:
                    self._evaluate()
                break
            if state.step // self.steps_per_epoch != epoch:
                epoch = state.step // self.steps_per_epoch
                batches = self.stage.batches(epoch)
            loss = self._step(batches[state.step % self.steps_per_epoch])
            state.recent.append(loss)
            if state.step in evaluations:
                self._evaluate()
            elif state.step % max(1, self.steps // LINES) == 0:
                self._line(None)
            if state.step % self.run.checkpoint_every == 0 and state.step < self.steps:
                self._clock()
                self.save(self._tensors())
            self._report(loss)
        self._clock()
        if self.best is None or self.stage.name not in state.best:
            self.best = self.adapter.copy()
        self.adapter.load(self.best)
        state.steps += state.step
        return self.best

    def _step(self, rows: list[int]) -> float:
        state = self.state
        for group in self.optimizer.param_groups:
            group["lr"] = self.stage.learning_rate * schedule(state.step, self.steps, self.run.warmup_ratio)
        self.adapter.train(self.stage.dropout)
        loss, tokens = self.stage.loss(rows)
        value = float(loss.detach())
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        norm = float(torch.nn.utils.clip_grad_norm_(self.adapter.parameters, self.run.clip_norm))
        self.adapter.train(False)
        if not math.isfinite(value) or not math.isfinite(norm):
            raise EngineError(
                f"The loss is no longer a number at step {state.step + 1} of the {self.stage.name} stage. "
                f"{self.stage.learning_rate_name} is {self.stage.learning_rate:g}; use a smaller one."
            )
        self.optimizer.step()
        state.step += 1
        state.tokens += tokens
        return value

    def _evaluate(self) -> None:
        """Measure on the validation rows, keep the adapter if it is the best, count if it is not."""
        state, name = self.state, self.stage.name
        with torch.no_grad():
            loss = self.stage.validation_loss()
        state.evaluated_at = state.step
        self._line(loss)
        if loss is None:
            return
        if not math.isfinite(loss):
            raise EngineError(
                f"The validation loss is not a number after step {state.step} of the {name} stage. "
                f"{self.stage.learning_rate_name} is {self.stage.learning_rate:g}; use a smaller one."
            )
        state.first.setdefault(name, loss)
        if name not in state.best or loss < state.best[name]:
            state.best[name], state.worse = loss, 0
            self.best = self.adapter.copy()
            return
        state.worse += 1
        state.stopped_early = 0 < self.run.patience <= state.worse and state.step < self.steps
        state.ended_early = state.ended_early or state.stopped_early

    def _evaluations(self) -> set[int]:
        """The steps after which to evaluate: `evaluations` an epoch, the last at its end."""
        per_epoch = min(self.run.evaluations, self.steps_per_epoch)
        return {
            epoch * self.steps_per_epoch + part * self.steps_per_epoch // per_epoch
            for epoch in range(self.stage.epochs)
            for part in range(1, per_epoch + 1)
        }

    def _tensors(self) -> dict[str, torch.Tensor]:
        own = {f"weights.{name}": tensor for name, tensor in self.adapter.copy().items()}
        best = {f"best.{name}": tensor for name, tensor in (self.best or {}).items()}
        optimizer = checkpoint.optimizer_state(self.optimizer)
        return {**own, **best, **optimizer, **checkpoint.random_state(), **self.stage.tensors()}

    def _line(self, validation_loss: float | None) -> None:
        """Add a line to the curves; its training loss is the mean since the line before."""
        self._clock()
        recent, self.state.recent = self.state.recent, []
        self.state.curves.append(
            {
                "stage": self.stage.name,
                "step": self.state.step,
                "train_loss": sum(recent) / len(recent) if recent else None,
                "validation_loss": validation_loss,
                "tokens": self.state.tokens,
                "seconds": round(self.state.seconds, 2),
            }
        )

    def _clock(self) -> None:
        self.state.seconds = self.seconds_before + time.perf_counter() - self.began

    def _report(self, loss: float) -> None:
        state = self.state
        rate = (state.tokens - self.tokens_before) / max(time.perf_counter() - self.began, 1e-9)
        seen = [line["validation_loss"] for line in state.curves if line["stage"] == self.stage.name]
        validation = next((value for value in reversed(seen) if value is not None), None)
        left = max(0, self.tokens_in_all - state.tokens) / max(rate, 1e-9)
        self.report(Progress(self.stage.name, state.step, self.steps, loss, validation, rate, left, state.tokens))


def schedule(step: int, steps: int, warmup_ratio: float) -> float:
    """The share of the learning rate at `step` of `steps`: linear warmup, then a cosine down to 0."""
    warmup = math.ceil(steps * warmup_ratio)
    if step < warmup:
        return (step + 1) / (warmup + 1)
    return 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))
