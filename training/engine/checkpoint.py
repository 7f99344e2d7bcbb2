"""Checkpoints: written beside, then renamed, so that a kill at any moment leaves a whole one.

    work/checkpoint/00000050/state.safetensors    adapter, optimizer, random state, best adapter
    work/checkpoint/00000050/state.json           stage, step, losses, hash of the tensors

The two newest generations are kept: should the newest be damaged, the one before serves.
Safetensors and JSON only; nothing is ever unpickled.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from training.store import file_digest, remove_stale, written_beside

TENSORS = "state.safetensors"
FACTS = "state.json"
GENERATIONS = 2


def save(folder: Path, facts: Mapping[str, Any], tensors: Mapping[str, torch.Tensor]) -> None:
    """Write the next generation into `folder` and drop all but the two newest."""
    remove_stale(folder, older_than=0.0)
    earlier = _generations(folder)
    number = int(earlier[-1].name) + 1 if earlier else 1
    with written_beside(folder / f"{number:08d}") as new:
        save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, new / TENSORS)
        card = {"facts": dict(facts), "tensors": file_digest(new / TENSORS)}
        (new / FACTS).write_text(json.dumps(card), encoding="utf-8")
    for old in earlier[: 1 - GENERATIONS]:
        shutil.rmtree(old, ignore_errors=True)


def load(folder: Path) -> tuple[dict[str, Any], dict[str, torch.Tensor]] | None:
    """The newest whole generation, or None."""
    for generation in reversed(_generations(folder)):
        try:
            card = json.loads((generation / FACTS).read_text(encoding="utf-8"))
            if file_digest(generation / TENSORS) == card["tensors"]:
                return card["facts"], load_file(generation / TENSORS)
        except (OSError, ValueError, KeyError, TypeError, SafetensorError):
            continue
    return None


def remove(folder: Path) -> None:
    """Remove all generations."""
    shutil.rmtree(folder, ignore_errors=True)


def random_state() -> dict[str, torch.Tensor]:
    """The states of torch's generators, as tensors."""
    states = {"random.cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        states["random.cuda"] = torch.cuda.get_rng_state()
    return states


def set_random_state(tensors: Mapping[str, torch.Tensor]) -> None:
    torch.set_rng_state(tensors["random.cpu"])
    if torch.cuda.is_available() and "random.cuda" in tensors:
        torch.cuda.set_rng_state(tensors["random.cuda"])


def optimizer_state(optimizer: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    """AdamW's state by parameter number: step, exp_avg, exp_avg_sq."""
    state = optimizer.state_dict()["state"]
    return {
        f"optimizer.{number}.{key}": value.detach().cpu()
        for number, values in state.items()
        for key, value in values.items()
    }


def set_optimizer_state(optimizer: torch.optim.Optimizer, tensors: Mapping[str, torch.Tensor]) -> None:
    state: dict[int, dict[str, torch.Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith("optimizer."):
            _, number, key = name.split(".")
            state.setdefault(int(number), {})[key] = tensor.clone()
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})


def _generations(folder: Path) -> list[Path]:
    """Oldest first."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.name.isdigit() and path.is_dir())
