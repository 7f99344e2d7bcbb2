"""One run: supervised first, then preferences when there are enough; one adapter at the end.

    outcome = train(run, snapshot, work, base, None, report=print, cancelled=lambda: False)

Called again with the same settings, snapshot and base after it was killed, it goes on from
the last checkpoint in the work folder.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import torch

from training.corpus.snapshot import PreferenceRow, SnapshotRows, SupervisedRow, read_snapshot
from training.engine import checkpoint
from training.engine.adapter import Adapter, adapter_digest, loaded_adapter, new_adapter, write_adapter
from training.engine.base import Base, digest, pad_id
from training.engine.batches import Example, Scorer, encode
from training.engine.config import LoraRun
from training.engine.errors import EngineError
from training.engine.loop import Loop, Stage, State
from training.engine.preference import Choice, Preference
from training.engine.progress import Outcome, Progress
from training.engine.supervised import Supervised
from training.store import remove_stale, written_beside

__all__ = ["EngineError", "Outcome", "Progress", "choose_threads", "train"]

MOST_THREADS = 4
TINY_BASE = 10_000_000
WORSE_BY = 1.02
"""A preference stage that worsens the supervised validation loss by more than this gets a note."""


_Saved = tuple[dict[str, Any], dict[str, torch.Tensor]]


def train(
    config: LoraRun,
    snapshot: Path,
    work: Path,
    base: Base,
    start_adapter: Path | None,
    report: Callable[[Progress], None],
    cancelled: Callable[[], bool],
) -> Outcome:
    """Train an adapter on a snapshot folder and leave it in `work/adapter`.

    `report` and `cancelled` are called once a step, so they should be quick. A cancelled run ends
    with the best adapter so far. Raises `EngineError` with a sentence when it cannot go on;
    the base is then as it was.
    """
    notes: list[str] = []
    found, rows = read_snapshot(snapshot)
    before = digest(base.model)
    if before != base.digest:
        raise EngineError(f"The base model {base.name} has changed since it was loaded; load it again.")
    data = _Data(config, base, rows, notes)
    data.check(start_adapter is not None)
    identity = {
        "run": config.to_dict(),
        "snapshot": found.digest,
        "base": base.digest,
        "start": adapter_digest(start_adapter) if start_adapter else None,
    }
    saved = _saved(work / "checkpoint", identity, notes)
    threads = choose_threads(config.threads, base.parameters)
    if saved:
        threads = saved[0]["state"]["threads"]
    torch.set_num_threads(threads)
    device = _device_name(base)
    print(f"training on {device} in {base.model.dtype} with {threads} of {_cores()} cores")
    torch.manual_seed(config.seed)
    start = loaded_adapter(base, start_adapter, config.dropout) if start_adapter else new_adapter(base, config)
    with start as adapter:
        if start_adapter and adapter.config["r"] != config.rank:
            notes.append(f"The adapter that it starts from has rank {adapter.config['r']}, which it keeps.")
        course = _Course(config, base, data, adapter, work, identity, report, cancelled, notes)
        course.state.threads = threads
        best = course.follow(saved)
        losses = {} if course.state.cancelled else course.pair_losses()
    after = digest(base.model)
    if after != before:
        raise EngineError(f"The base model {base.name} was changed by the run, so its adapter is not kept.")
    remove_stale(work, older_than=0.0)
    shutil.rmtree(work / "adapter", ignore_errors=True)
    with written_beside(work / "adapter") as folder:
        write_adapter(folder, best, adapter.config)
    state = course.state
    return Outcome(
        adapter=work / "adapter",
        validation_loss=state.best.get("supervised"),
        first_validation_loss=state.first.get("supervised"),
        preference_loss=state.best.get("preference"),
        stopped_early=state.ended_early,
        cancelled=state.cancelled,
        steps=state.steps,
        tokens=state.tokens,
        seconds=state.seconds,
        device=device,
        threads=threads,
        trainable_parameters=adapter.size,
        total_parameters=base.parameters,
        base_digest_before=before,
        base_digest_after=after,
        curves=state.curves,
        notes=notes,
        pair_losses=losses,
    )


def choose_threads(asked: int, parameters: int) -> int:
    """`asked`, or what a base of so many parameters gains from: four at most, and one when it is tiny.

    On two cores that others use as well, a second thread made the starter's run take twice as long: each waits
    for the other at every small product (tests/bench/retrain_loop.py).
    """
    if asked:
        return asked
    return 1 if parameters < TINY_BASE else min(_cores(), MOST_THREADS)


class _Data:
    """A snapshot's rows, encoded, without those that are too long."""

    def __init__(self, run: LoraRun, base: Base, rows: SnapshotRows, notes: list[str]) -> None:
        self.run, self.base, self.notes = run, base, notes
        self.limit = min(run.max_length, base.context)
        self.by_pair: dict[str, Example] = {}
        self.pairs = self._pairs(rows.supervised_train, "training pairs")
        self.validation_pairs = self._pairs(rows.supervised_validation, "validation pairs")
        self.choices = self._choices(rows.preferences_train, "training preferences")
        self.validation_choices = self._choices(rows.preferences_validation, "validation preferences")

    @property
    def prefers(self) -> bool:
        """Whether there is a preference stage."""
        enough = len(self.choices) >= max(1, self.run.minimum_preferences)
        return enough and self.run.preference_epochs > 0

    def check(self, has_start: bool) -> None:
        """Raise `EngineError` when there is nothing to train on; note what is too little."""
        if not self.pairs and not (has_start and self.prefers):
            raise EngineError("The snapshot has no training pairs; validate some pairs of this voice first.")
        if not self.pairs:
            self.notes.append("There are no training pairs, so only the preferences were trained on.")
        elif not self.validation_pairs:
            self.notes.append("There are no validation pairs: no validation loss, no early stop.")
        if 0 < len(self.choices) < self.run.minimum_preferences:
            self.notes.append(
                f"{len(self.choices)} training preferences are too few to train on; "
                f"minimum_preferences is {self.run.minimum_preferences}."
            )

    def _pairs(self, rows: Sequence[SupervisedRow], what: str) -> list[Example]:
        encoded = [encode(self.base.tokenizer, row.prompt, row.completion, row.weight) for row in rows]
        fitting = [place for place, example in enumerate(encoded) if len(example.tokens) <= self.limit]
        kept = [encoded[place] for place in fitting]
        self.by_pair |= {rows[place].pair: encoded[place] for place in fitting}
        self._say(len(rows), len(kept), what)
        if rows and not kept and what == "training pairs":
            raise EngineError(
                f"All {len(rows)} training pairs are longer than {self.limit} tokens. Raise max_length, "
                f"which is {self.run.max_length} (this base reads {self.base.context} at most), or shorten them."
            )
        return kept

    def _choices(self, rows: Sequence[PreferenceRow], what: str) -> list[Choice]:
        tokenizer = self.base.tokenizer
        encoded = [
            Choice(encode(tokenizer, row.prompt, row.chosen), encode(tokenizer, row.prompt, row.rejected))
            for row in rows
        ]
        kept = [
            choice for choice in encoded if max(len(choice.chosen.tokens), len(choice.rejected.tokens)) <= self.limit
        ]
        self._say(len(rows), len(kept), what)
        return kept

    def _say(self, given: int, kept: int, what: str) -> None:
        if kept < given:
            left_out = f"{given - kept} of {given} {what} were left out"
            self.notes.append(f"{left_out}: they are longer than {self.limit} tokens.")


class _Course:
    """The stages of a run, one after the other, and its checkpoints."""

    def __init__(
        self,
        run: LoraRun,
        base: Base,
        data: _Data,
        adapter: Adapter,
        work: Path,
        identity: dict[str, Any],
        report: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        notes: list[str],
    ) -> None:
        self.run, self.base, self.data, self.adapter = run, base, data, adapter
        self.folder, self.identity, self.notes = work / "checkpoint", identity, notes
        self.report, self.cancelled = report, cancelled
        self.state = State(stage="supervised" if data.pairs else "preference")
        self.pad, self.scorer = pad_id(base), Scorer(base.model)
        self.supervised = Supervised(
            run=run,
            base=base,
            pad=self.pad,
            scorer=self.scorer,
            train=data.pairs,
            validation=data.validation_pairs,
        )
        if not self.scorer.apart:
            notes.append("This base gives no hidden states apart from its logits, so training is slower.")

    def follow(self, saved: _Saved | None) -> dict[str, torch.Tensor]:
        """Go through what is left of the stages; returns the best adapter's tensors."""
        tensors: dict[str, torch.Tensor] = {}
        if saved:
            facts, tensors = saved
            self.state = State(**facts["state"])
            self.adapter.load(_part(tensors, "weights."))
            print(f"going on from step {self.state.step} of the {self.state.stage} stage")
            self.notes.append(f"It went on from step {self.state.step} of the {self.state.stage} stage.")
        best = _part(tensors, "best.") or None
        supervised = self.supervised
        if self.state.stage == "supervised":
            best = self._go(supervised, best, tensors)
            tensors = {}
            self._advise("supervised")
            if self.state.cancelled or not self.data.prefers:
                return best
            self.state.start("preference")
            weights = {f"weights.{name}": tensor for name, tensor in best.items()}
            self._save({**weights, **checkpoint.random_state()})
        preference = Preference(
            run=self.run,
            base=self.base,
            pad=self.pad,
            scorer=self.scorer,
            train=self.data.choices,
            validation=self.data.validation_choices,
            saved=tensors,
        )
        best = self._go(preference, best, tensors)
        self._advise("preference")
        self._compare(supervised)
        return best

    def pair_losses(self) -> dict[str, float]:
        """Nats per token of the best adapter, which is in place at the end, on each pair that fits."""
        examples = self.data.by_pair
        return dict(zip(examples, self.supervised.losses(list(examples.values())), strict=True))

    def _go(
        self, stage: Stage, best: dict[str, torch.Tensor] | None, tensors: dict[str, torch.Tensor]
    ) -> dict[str, torch.Tensor]:
        loop = Loop(
            run=self.run,
            stage=stage,
            adapter=self.adapter,
            state=self.state,
            best=best,
            tokens_in_all=self._tokens_in_all(),
            report=self.report,
            cancelled=self.cancelled,
            save=self._save,
        )
        if tensors:
            loop.restore(tensors)
        return loop.go()

    def _tokens_in_all(self) -> int:
        pairs = sum(len(example.tokens) for example in self.data.pairs)
        choices = sum(choice.tokens for choice in self.data.choices) if self.data.prefers else 0
        return pairs * self.run.epochs + choices * self.run.preference_epochs

    def _save(self, tensors: dict[str, torch.Tensor]) -> None:
        checkpoint.save(self.folder, {"identity": self.identity, "state": self.state.to_dict()}, tensors)

    def _advise(self, stage: str) -> None:
        first, best = self.state.first.get(stage), self.state.best.get(stage)
        if first is not None and best is not None and best >= first and not self.state.cancelled:
            self.notes.append(
                f"The {stage} stage found nothing better than what it started from "
                f"(validation loss {first:.3f}), so that was kept."
            )

    def _compare(self, supervised: Supervised) -> None:
        """Note when the preferences cost more of the supervised validation loss than they should."""
        best, now = self.state.best.get("supervised"), supervised.validation_loss()
        if best is not None and now is not None and now > best * WORSE_BY:
            self.notes.append(
                f"The preferences moved the validation loss from {best:.3f} to {now:.3f}; "
                "read some texts before promoting, or use a smaller preference_learning_rate."
            )


def _saved(folder: Path, identity: dict[str, Any], notes: list[str]) -> _Saved | None:
    """The checkpoint to go on from; None after removing one that belongs to another run."""
    saved = checkpoint.load(folder)
    if saved is None:
        return None
    earlier = saved[0].get("identity", {})
    other = [name for name in identity if earlier.get(name) != identity[name]]
    known = {field.name for field in fields(State)}
    if not other and set(saved[0].get("state", {})) == known:
        return saved
    words = {"run": "settings", "snapshot": "rows", "base": "base model", "start": "starting adapter"}
    differing = " and ".join(words[name] for name in other) or "version of VoiceLab"
    notes.append(f"The checkpoint in the work folder was made with another {differing}: started anew.")
    checkpoint.remove(folder)
    return None


def _part(tensors: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def _device_name(base: Base) -> str:
    return torch.cuda.get_device_name(base.device) if base.device.type == "cuda" else "cpu"


def _cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
