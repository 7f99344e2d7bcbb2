"""The frozen base model: load it, prove that it is unchanged, name what is wrong with it.

Any causal language model that transformers knows will do, by id or by path, as safetensors.
Nothing is unpickled and no code that comes with a model is run.
"""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from training.engine.errors import BaseError

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

STARTER = "voicelab-starter"
"""The name of the model that comes with VoiceLab; it stands in files instead of a path."""

PEFT_PREFIX = "base_model.model."
CHECK = "Check VOICELAB_BASE_MODEL: a model's folder or a Hugging Face id."
FOLDER = "set VOICELAB_BASE_MODEL to a model's folder on this machine."
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "tokenizer.model", "vocab.json", "vocab.txt")


@dataclass
class Base:
    """A frozen model and its tokenizer. `digest` and `parameters` are of the model as loaded.

    `lock` is held while an adapter sits on the model: one at a time.
    """

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    name: str
    digest: str
    parameters: int
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @property
    def device(self) -> torch.device:
        return next(self.model.parameters()).device

    @property
    def context(self) -> int:
        """The longest sequence in tokens that the model's positions allow."""
        config = self.model.config.get_text_config()
        for name in ("max_position_embeddings", "n_positions", "max_seq_len", "seq_length"):
            length = getattr(config, name, None)
            if isinstance(length, int) and length > 0:
                return length
        return 2048


def load_base(name_or_path: str) -> Base:
    """Load and freeze a base: fp32 on a processor, bf16 on CUDA. Raises `BaseError`.

    `name_or_path` is a folder, a Hugging Face id, or "voicelab-starter".
    """
    from transformers import AutoConfig, AutoModelForCausalLM
    from transformers.utils import logging

    name, source = _place(name_or_path)
    local = source.is_dir() if isinstance(source, Path) else False
    if isinstance(source, Path):
        _check_folder(source, name)
    offline = local or _is_offline()
    options: dict[str, Any] = {"trust_remote_code": False, "local_files_only": offline}
    on_cuda = torch.cuda.is_available()
    # A processor without bf16 units multiplies it some 90 times slower than fp32.
    dtype = torch.bfloat16 if on_cuda else torch.float32
    bar_was_on = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        config = AutoConfig.from_pretrained(str(source), **options)
        loaded: Any = AutoModelForCausalLM.from_pretrained(
            str(source), config=config, use_safetensors=True, dtype=dtype, output_loading_info=True, **options
        )
    except Exception as error:  # transformers raises OSError, ValueError, KeyError and others here
        raise BaseError(_reason(name, error, offline)) from error
    finally:
        if bar_was_on:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]
    model, loading = loaded
    missing = sorted(loading.get("missing_keys") or ())
    if missing:
        raise BaseError(
            f"The base model {name} lacks {len(missing)} of its weights, {missing[0]} among them, and would "
            "write noise. Copy the whole model again, or choose another."
        )
    tokenizer = _load_tokenizer(source, name, options)
    if on_cuda:
        model.to("cuda")
    return wrap(model, tokenizer, name)


def wrap(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, name: str) -> Base:
    """Freeze a model that is already in memory and make it a `Base`."""
    model.requires_grad_(False)
    model.eval()
    parameters = sum(parameter.numel() for parameter in model.parameters())
    return Base(model, tokenizer, name, digest(model), parameters)


def digest(model: torch.nn.Module) -> str:
    """SHA-256 over the names, shapes, dtypes and bytes of the base's parameters, in hexadecimal.

    An adapter that PEFT has put on the model changes nothing: its tensors are left out and the
    names are read as they were without it. A base loaded in another dtype has another digest.
    """
    tensors: dict[str, torch.Tensor] = {}
    for name, parameter in model.named_parameters():
        plain = name.removeprefix(PEFT_PREFIX).replace(".base_layer.", ".")
        if ".lora_" not in plain:
            tensors[plain] = parameter
    total = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name].detach().cpu().contiguous()
        total.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}\n".encode())
        total.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return total.hexdigest()


def pad_id(base: Base) -> int:
    """The id that fills rows up. Filled positions are masked or never read, so any valid id does."""
    pad = base.tokenizer.pad_token_id
    return pad if isinstance(pad, int) and 0 <= pad < base.model.config.get_text_config().vocab_size else 0


def _place(name_or_path: str) -> tuple[str, Path | str]:
    """(name for files and people, folder or Hugging Face id)."""
    import training.starter

    starter = getattr(training.starter, "PATH", None)
    if name_or_path == STARTER:
        if starter is None:
            raise BaseError("This installation has no starter base model; set VOICELAB_BASE_MODEL.")
        return STARTER, Path(starter)
    path = Path(name_or_path).expanduser()
    if starter is not None and path.exists() and path.resolve() == Path(starter).resolve():
        return STARTER, Path(starter)
    looks_like_path = path.is_absolute() or name_or_path.startswith((".", "~")) or name_or_path.count("/") > 1
    if path.exists() or looks_like_path:
        return name_or_path, path
    return name_or_path, name_or_path


def _check_folder(path: Path, name: str) -> None:
    if not path.exists():
        raise BaseError(f"There is no base model at {name}. {CHECK}")
    if not (path / "config.json").is_file():
        raise BaseError(f"{name} is no model: it has no config.json. {CHECK}")
    if not any(path.glob("*.safetensors")):
        raise BaseError(
            f"The base model {name} has no safetensors weights, and pickled ones are never opened. "
            "Convert it with save_pretrained, or choose another."
        )


def _load_tokenizer(source: Path | str, name: str, options: dict[str, Any]) -> PreTrainedTokenizerBase:
    from transformers import AutoTokenizer

    lacking = f"The base model {name} has no tokenizer that can be read. Copy its files beside the weights."
    if isinstance(source, Path) and not any((source / file).is_file() for file in TOKENIZER_FILES):
        raise BaseError(lacking)
    try:
        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(str(source), **options)
    except Exception as error:
        if "trust_remote_code" in str(error):
            raise BaseError(_reason(name, error, True)) from error
        raise BaseError(lacking) from error
    if not tokenizer("A word.", add_special_tokens=False)["input_ids"]:
        raise BaseError(lacking)  # transformers makes an empty tokenizer out of a config alone
    return tokenizer


def _reason(name: str, error: Exception, offline: bool) -> str:
    """What kept transformers from loading a model, for a person."""
    text = str(error)
    if "trust_remote_code" in text or "custom code" in text:
        return (
            f"The base model {name} needs code of its own to be run, which VoiceLab never does "
            "(trust_remote_code is off). Choose a model that transformers knows."
        )
    if "safetensors" in text:
        return (
            f"The base model {name} has no safetensors weights, and pickled ones are never opened. "
            "Convert it with save_pretrained, or choose another."
        )
    if isinstance(error, (ValueError, KeyError)) and ("Unrecognized" in text or "does not recognize" in text):
        return f"{name} is not a causal language model that this version of transformers knows."
    if "connect" in text and not offline:
        return f"The base model {name} cannot be fetched: Hugging Face does not answer. Try again, or {FOLDER}"
    if isinstance(error, OSError):
        where = "on this machine, which works offline" if offline else "on Hugging Face, nor is it a folder"
        return f"The base model {name} is not {where}. {CHECK}"
    what = text.splitlines()[0] if text else type(error).__name__
    return f"The base model {name} cannot be loaded: {what}."


def _is_offline() -> bool:
    names = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
    return any(os.environ.get(name, "").upper() in {"1", "ON", "YES", "TRUE"} for name in names)
