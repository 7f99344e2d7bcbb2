"""A LoRA adapter on a base: put on by PEFT, taken off again, written in PEFT's own format."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from training.engine.base import Base
from training.engine.config import LoraRun
from training.engine.errors import EngineError
from training.store import file_digest

if TYPE_CHECKING:
    from peft import LoraConfig

WEIGHTS = "adapter_model.safetensors"
CONFIG = "adapter_config.json"


@dataclass
class Adapter:
    """The LoRA tensors on a base. `tensors` are views by the names of PEFT's file, fp32."""

    tensors: dict[str, torch.Tensor]
    parameters: list[torch.nn.Parameter]
    dropouts: list[torch.nn.Module]
    config: dict[str, Any]

    @property
    def size(self) -> int:
        """Trainable parameters."""
        return sum(parameter.numel() for parameter in self.parameters)

    def copy(self) -> dict[str, torch.Tensor]:
        """The tensors as they are now, on the processor."""
        return {name: tensor.detach().cpu().clone() for name, tensor in self.tensors.items()}

    @torch.no_grad()
    def load(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Set all tensors. Raises `EngineError` when names or shapes are another adapter's."""
        for name, tensor in self.tensors.items():
            if name not in tensors or tensors[name].shape != tensor.shape:
                raise EngineError(f"These adapter weights are of another base model: {name} does not fit.")
        if len(tensors) != len(self.tensors):
            raise EngineError("These adapter weights are of another base model: they hold more layers.")
        for name, tensor in self.tensors.items():
            tensor.copy_(tensors[name])

    def train(self, dropout: bool) -> None:
        """Turn LoRA's dropout on or off. The base's own dropout stays off: it is frozen, not trained."""
        for module in self.dropouts:
            module.train(dropout)


@contextmanager
def new_adapter(base: Base, run: LoraRun) -> Iterator[Adapter]:
    """Put a fresh adapter on `base`, which writes as before until trained; take it off at the end."""
    from peft import LoraConfig
    from transformers.pytorch_utils import Conv1D

    modules = run.target_modules
    config = LoraConfig(
        r=run.rank,
        lora_alpha=run.alpha,
        lora_dropout=run.dropout,
        target_modules=modules if isinstance(modules, str) else list(modules),
        task_type="CAUSAL_LM",
        fan_in_fan_out=any(isinstance(module, Conv1D) for module in base.model.modules()),
    )
    with _attached(base, config) as adapter:
        yield adapter


@contextmanager
def loaded_adapter(base: Base, folder: Path, dropout: float = 0.0) -> Iterator[Adapter]:
    """Put the adapter in `folder` on `base`; take it off at the end. Raises `EngineError`."""
    config = _read_config(folder)
    config.lora_dropout = dropout
    try:
        tensors = load_file(folder / WEIGHTS)
    except (OSError, SafetensorError) as error:
        raise EngineError(f"{WEIGHTS} of adapter {folder.name} cannot be read: {error}.") from error
    with _attached(base, config) as adapter:
        adapter.load(tensors)
        yield adapter


def write_adapter(folder: Path, tensors: Mapping[str, torch.Tensor], config: Mapping[str, Any]) -> None:
    """Write PEFT's two files into `folder`; equal tensors give equal bytes."""
    save_file(dict(tensors), folder / WEIGHTS, metadata={"format": "pt"})
    text = json.dumps({**config, "inference_mode": True}, indent=2, sort_keys=True)
    (folder / CONFIG).write_text(text + "\n", encoding="utf-8")


def adapter_digest(folder: Path) -> str:
    """SHA-256 of an adapter's weights file. Raises `EngineError` when there is none."""
    _require_weights(folder)
    return file_digest(folder / WEIGHTS)


def _require_weights(folder: Path) -> None:
    # PEFT itself would fall back to unpickling adapter_model.bin.
    if not (folder / WEIGHTS).is_file():
        raise EngineError(f"{folder.name} is no adapter: it has no {WEIGHTS}. Nothing else is opened.")


@contextmanager
def _attached(base: Base, config: LoraConfig) -> Iterator[Adapter]:
    from peft import get_peft_model
    from peft.utils import get_peft_model_state_dict

    with base.lock:
        try:
            model: Any = get_peft_model(base.model, config)
        except ValueError as error:
            raise EngineError(f"No adapter fits {base.name}: {error}") from error
        try:
            base.model.eval()
            tensors: dict[str, torch.Tensor] = get_peft_model_state_dict(model, save_embedding_layers=False)
            yield Adapter(
                tensors=tensors,
                parameters=[parameter for parameter in model.parameters() if parameter.requires_grad],
                dropouts=[part for name, part in model.named_modules() if ".lora_dropout." in name],
                config=_plain(model.peft_config["default"], base),
            )
        finally:
            model.unload()
            base.model.requires_grad_(False)


def _read_config(folder: Path) -> LoraConfig:
    from peft import LoraConfig, PeftConfig

    _require_weights(folder)
    try:
        config = PeftConfig.from_pretrained(str(folder))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise EngineError(f"{CONFIG} of adapter {folder.name} cannot be read: {error}") from error
    if not isinstance(config, LoraConfig) or config.use_dora or config.modules_to_save:
        raise EngineError(f"Adapter {folder.name} is no plain LoRA adapter; train one with VoiceLab.")
    config.inference_mode = False
    config.base_model_name_or_path = None  # else PEFT warns when the name is no path
    config.init_lora_weights = True  # whatever it began from, its weights come from the file
    return config


def _plain(config: LoraConfig, base: Base) -> dict[str, Any]:
    """PEFT's configuration as JSON with a fixed order, under the base's name instead of a path."""
    values = {key: sorted(value) if isinstance(value, set) else value for key, value in config.to_dict().items()}
    return {**values, "base_model_name_or_path": base.name, "target_modules": _adapted(base.model)}


def _adapted(model: torch.nn.Module) -> list[str]:
    """The adapted layers by their last names, as serving engines expect them, where those say enough."""
    from peft.tuners.lora import LoraLayer

    full = {name for name, part in model.named_modules() if isinstance(part, LoraLayer)}
    last = {name.rpartition(".")[2] for name in full}
    meant = {name for name, _ in model.named_modules() if name.rpartition(".")[2] in last}
    return sorted(last if meant == full else full)
