"""What is left of brief-following once a voice has been trained on the starter: a check, not the product's engine."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import torch
from peft import LoraConfig, get_peft_model

from training.corpus.brief import Brief
from training.starter.build import Row, loss_of


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """(prompt, copy) from JSON rows that hold a brief's fields and `output`."""
    rows = (json.loads(line) for line in path.read_text().splitlines() if line.strip())
    return [(Brief.from_dict(row).prompt(), row["output"]) for row in rows]


def with_voice(
    model: Any, tokenizer: Any, pairs: list[tuple[str, str]], *, rate: float = 2e-3, epochs: int = 2, seed: int = 1
) -> Any:
    """The model wrapped in a LoRA (rank 16, all linear layers) trained on the pairs in batches of 8."""
    torch.manual_seed(seed)
    voiced = get_peft_model(model, LoraConfig(r=16, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM"))
    rows: list[Row] = []
    for prompt, copy in pairs:
        head = [tokenizer.bos_token_id, *tokenizer.encode(prompt, add_special_tokens=False)]
        tail = [*tokenizer.encode(copy, add_special_tokens=False), tokenizer.eos_token_id]
        if len(head) + len(tail) <= model.config.max_position_embeddings:
            rows.append((head + tail, [0.0] * len(head) + [1.0] * len(tail)))
    rng = Random(seed)
    optimiser = torch.optim.AdamW([p for p in voiced.parameters() if p.requires_grad], lr=rate)
    steps = epochs * (len(rows) // 8)
    for step in range(steps):
        if step % (len(rows) // 8) == 0:
            rng.shuffle(rows)
        start = step % (len(rows) // 8) * 8
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 10) * (1 - step / steps)
        voiced.train()
        loss, _ = loss_of(voiced.base_model.model, rows[start : start + 8], tokenizer.pad_token_id)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
    return voiced
