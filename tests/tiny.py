"""Tiny random models, rows and runs for the engine's tests. Nothing is downloaded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from training.corpus.snapshot import PreferenceRow, SnapshotRows, SupervisedRow, write_snapshot
from training.engine.base import Base, wrap
from training.engine.config import LoraRun
from training.engine.progress import Outcome
from training.engine.run import train
from training.store import file_digest

SHARED = Path(__file__).resolve().parents[2] / "shared"
STORIES = SHARED / "models" / "stories260k"

RUN = LoraRun(
    learning_rate=1e-2,
    batch_size=4,
    epochs=2,
    rank=4,
    alpha=8,
    dropout=0.1,
    threads=1,
    checkpoint_every=2,
    preference_learning_rate=2e-3,
    minimum_preferences=4,
)


def tokenizer() -> Any:
    """Bytes, then <s>, </s> and <pad>: 259 ids."""
    from tokenizers import Tokenizer, decoders, pre_tokenizers
    from tokenizers.models import BPE
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    fast = Tokenizer(BPE(vocab={letter: number for number, letter in enumerate(alphabet)}, merges=[]))
    fast.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    fast.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=fast, bos_token="<s>", eos_token="</s>", pad_token="<pad>")


def model(kind: str = "llama", **changes: Any) -> Any:
    """A random two-layer model of width 32. The weights are large enough for texts to differ."""
    from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

    torch.manual_seed(7)
    common = {"vocab_size": 259, "bos_token_id": 256, "eos_token_id": 257, "initializer_range": 0.2}
    common.update(changes)
    if kind == "gpt2":
        return GPT2LMHeadModel(GPT2Config(n_embd=32, n_layer=2, n_head=2, n_positions=256, **common))
    shape = {
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 256,
    }
    if kind == "qwen2":
        return Qwen2ForCausalLM(Qwen2Config(**{**shape, **common}, tie_word_embeddings=True))
    return LlamaForCausalLM(LlamaConfig(**{**shape, **common}))


def base(kind: str = "llama", **changes: Any) -> Base:
    return wrap(model(kind, **changes), tokenizer(), f"tiny-{kind}")


def rows(pairs: int = 16, preferences: int = 8) -> SnapshotRows:
    words = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath")
    prompts = [f"Write an ad about {words[n % 8]} {n}.\n\nCopy:\n" for n in range(64)]
    return SnapshotRows(
        supervised_train=[
            SupervisedRow(str(n), prompts[n], f"Ahoy, {words[n % 8]}" + "!" * (n % 5)) for n in range(pairs)
        ],
        supervised_validation=[SupervisedRow(str(n), prompts[n], f"Ahoy, {words[n % 8]}") for n in range(40, 44)],
        preferences_train=[
            PreferenceRow(prompts[n], f"Ahoy, {words[n % 8]}", f"Dear {words[n % 8]},") for n in range(preferences)
        ],
        preferences_validation=[
            PreferenceRow(prompts[n], f"Ahoy, {words[n % 8]}", f"Dear {words[n % 8]},") for n in range(44, 47)
        ],
    )


def run(
    folder: Path, base: Base, rows: SnapshotRows, report: Any = None, cancelled: Any = None, **changes: Any
) -> Outcome:
    """Train in `folder`/work on `rows` with `RUN`, some settings changed."""
    start = changes.pop("start_adapter", None)
    snapshot = write_snapshot(folder / "snapshots", rows)
    torch.set_num_threads(1)
    return train(
        replace(RUN, **changes),
        snapshot.path,
        folder / "work",
        base,
        start,
        report or (lambda progress: None),
        cancelled or (lambda: False),
    )


def files(adapter: Path) -> dict[str, str]:
    """File -> SHA-256: an adapter to the bit."""
    return {path.name: file_digest(path) for path in adapter.iterdir()}
