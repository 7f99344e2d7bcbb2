"""Write texts: one batch with a key-value cache, each text from its own prompt and seed alone.

Every row draws from its own generator, one number a token, and sampling reads that number off
the row's cumulative distribution; so a text is the same alone and in company.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from training.engine.adapter import loaded_adapter
from training.engine.base import Base, pad_id
from training.engine.batches import encode_prompt
from training.engine.errors import WritingError

ROWS_AT_ONCE = 64


@dataclass(frozen=True)
class WritingSettings:
    """How tokens are drawn. Temperature 0 always takes the likeliest; top_k 0 and top_p 1 keep all."""

    temperature: float = 0.6
    top_k: int = 40
    top_p: float = 1.0
    max_new_tokens: int = 220

    def __post_init__(self) -> None:
        if not 0 <= self.temperature <= 10:
            raise WritingError(f"temperature is {self.temperature!r}; use 0 to 10.")
        if self.top_k < 0:
            raise WritingError(f"top_k is {self.top_k!r}; use 0 (all tokens) or more.")
        if not 0 < self.top_p <= 1:
            raise WritingError(f"top_p is {self.top_p!r}; use a number above 0, at most 1.")
        if self.max_new_tokens < 1:
            raise WritingError(f"max_new_tokens is {self.max_new_tokens!r}; use 1 or more.")


@dataclass(frozen=True)
class Written:
    """One text, stripped. `tokens` were written before the end; `finished` says the model ended it."""

    text: str
    tokens: int
    finished: bool = True


def write(
    base: Base,
    prompts: list[str],
    *,
    adapter: Path | None = None,
    seeds: list[int],
    settings: WritingSettings | None = None,
) -> list[Written]:
    """Write one text for each prompt, with the adapter in a folder or with the base alone.

    Raises `WritingError` for a prompt that leaves no room in the model's context.
    """
    settings = settings or WritingSettings()
    if len(prompts) != len(seeds):
        raise WritingError(f"{len(prompts)} prompts came with {len(seeds)} seeds; give each its own seed.")
    encoded = [encode_prompt(base.tokenizer, prompt) or [pad_id(base)] for prompt in prompts]
    for number, (prompt, ids) in enumerate(zip(prompts, encoded, strict=True), start=1):
        if len(ids) >= base.context:
            raise WritingError(
                f"Prompt {number} ({prompt.strip()[:60]!r}) has {len(ids)} tokens; "
                f"{base.name} reads {base.context} in all, copy included. Shorten it."
            )
    # Rows of like length share a batch, so that little of it is filling.
    order = sorted(range(len(prompts)), key=lambda number: len(encoded[number]))
    written: dict[int, Written] = {}
    with _voice(base, adapter), torch.inference_mode():
        for start in range(0, len(order), ROWS_AT_ONCE):
            numbers = order[start : start + ROWS_AT_ONCE]
            rows = _generate(base, [encoded[n] for n in numbers], [seeds[n] for n in numbers], settings)
            written.update(zip(numbers, rows, strict=True))
    return [written[number] for number in range(len(prompts))]


def _generate(
    base: Base, prompts: Sequence[list[int]], seeds: Sequence[int], settings: WritingSettings
) -> list[Written]:
    """All rows at once, filled up on the left; rows that have ended leave the batch."""
    from transformers import DynamicCache

    model: Any = base.model
    device, stops = base.device, _stops(base)
    longest = max(len(ids) for ids in prompts)
    limits = [min(settings.max_new_tokens, base.context - len(ids)) for ids in prompts]
    inputs = torch.full((len(prompts), longest), pad_id(base), dtype=torch.long)
    mask = torch.zeros((len(prompts), longest), dtype=torch.long)
    for row, ids in enumerate(prompts):
        inputs[row, longest - len(ids) :] = torch.tensor(ids)
        mask[row, longest - len(ids) :] = 1
    inputs, mask = inputs.to(device), mask.to(device)
    positions = (mask.cumsum(1) - 1).clamp(min=0)  # (rows, time)
    draws = torch.stack([_draws(seed, settings.max_new_tokens) for seed in seeds]).to(device)
    accepted = inspect.signature(model.forward).parameters
    cache = DynamicCache(config=model.config)
    texts: list[list[int]] = [[] for _ in prompts]
    finished = [False] * len(prompts)
    live = list(range(len(prompts)))  # row of the batch -> row of the prompts
    for step in range(max(limits)):
        options: dict[str, Any] = {}
        if "position_ids" in accepted:
            options["position_ids"] = positions
        if "logits_to_keep" in accepted:
            options["logits_to_keep"] = 1
        output = model(input_ids=inputs, attention_mask=mask, past_key_values=cache, use_cache=True, **options)
        chosen = choose(output.logits[:, -1].float(), draws[live, step], settings)
        stay = []
        for place, (row, token) in enumerate(zip(live, chosen.tolist(), strict=True)):
            if token in stops:
                finished[row] = True
                continue
            texts[row].append(token)
            if len(texts[row]) < limits[row]:
                stay.append(place)
        if not stay:
            break
        if len(stay) < len(live):
            keep = torch.tensor(stay, device=device)
            cache.batch_select_indices(keep)
            chosen, mask, positions = chosen[keep], mask[keep], positions[keep]
            live = [live[place] for place in stay]
        inputs = chosen.unsqueeze(1)
        mask = torch.cat([mask, torch.ones_like(mask[:, :1])], dim=1)
        positions = positions[:, -1:] + 1
    return [
        Written(str(base.tokenizer.decode(ids, skip_special_tokens=True)).strip(), len(ids), ended)
        for ids, ended in zip(texts, finished, strict=True)
    ]


def choose(logits: torch.Tensor, draws: torch.Tensor, settings: WritingSettings) -> torch.Tensor:
    """(rows,) token ids from (rows, vocab) logits and (rows,) draws in 0..1.

    Temperature, then top-k, then top-p (Holtzman et al. 2020), then the inverse of the cumulative
    distribution at the draw.
    """
    if settings.temperature == 0:
        return logits.argmax(-1)
    count = min(settings.top_k or logits.shape[-1], logits.shape[-1])
    best, ids = logits.topk(count, dim=-1)  # sorted, the likeliest first
    shares = (best.double() / settings.temperature).softmax(-1)
    before = shares.cumsum(-1) - shares
    shares = shares.masked_fill(before >= settings.top_p, 0.0)
    reached = shares.cumsum(-1)
    place = torch.searchsorted(reached, draws.unsqueeze(1) * reached[:, -1:], right=True)
    place = place.clamp(max=count - 1)
    return ids.gather(1, place).squeeze(1)


@contextmanager
def _voice(base: Base, adapter: Path | None) -> Iterator[None]:
    with base.lock:
        if adapter is None:
            yield
        else:
            with loaded_adapter(base, adapter):
                yield


def _stops(base: Base) -> set[int]:
    """Ids that end a text: the tokenizer's own and those of the model's generation settings."""
    listed = getattr(base.model.generation_config, "eos_token_id", None)
    found = {base.tokenizer.eos_token_id, *(listed if isinstance(listed, list) else [listed])}
    return {token for token in found if isinstance(token, int)}


def _draws(seed: int, count: int) -> torch.Tensor:
    """(count,) numbers in 0..1, always drawn on the processor: a seed means the same on any device."""
    return torch.rand(count, generator=torch.Generator().manual_seed(seed % 2**63), dtype=torch.float64)
