"""Does a model follow the brief? The share of outputs that hold each kind of fact, word for word."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import torch

from training.starter.grammar import UNSEEN_NAMES, Document, document


def held_out_documents(number: int, *, seed: int = 99) -> list[Document]:
    """`number` documents all of whose product, place and personal names lie on the side that training never draws."""
    rng = Random(seed)
    return [document(rng, names=UNSEEN_NAMES) for _ in range(number)]


def following(documents: Sequence[Document], texts: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Kind of fact -> (values found, values asked for) over all texts; a value counts if it stands word for word.

    Case is folded and runs of spaces are one. Raises `ValueError` if the two sequences differ in length.
    """
    counts: dict[str, list[int]] = {}
    for doc, text in zip(documents, texts, strict=True):
        folded = " ".join(text.split()).casefold()
        for kind, value in doc.values:
            count = counts.setdefault(kind, [0, 0])
            count[0] += " ".join(value.split()).casefold() in folded
            count[1] += 1
    return {kind: (found, asked) for kind, (found, asked) in sorted(counts.items())}


def shares(counts: dict[str, tuple[int, int]]) -> str:
    """One line: every kind with its share, and how many values it stands on."""
    return "  ".join(f"{kind} {found / asked:.2f} ({asked})" for kind, (found, asked) in counts.items())


@torch.inference_mode()
def write(
    model: Any, tokenizer: Any, prompts: Sequence[str], *, temperature: float = 0.0, top_k: int = 40, seed: int = 0,
    most_tokens: int = 220, batch: int = 50,
) -> list[str]:  # fmt: skip
    """Copy for each prompt, in the given order; greedy at temperature 0. Prompts are batched by length."""
    torch.manual_seed(seed)
    model.eval()
    ids = [[tokenizer.bos_token_id, *tokenizer.encode(p, add_special_tokens=False)] for p in prompts]
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    texts = [""] * len(ids)
    for start in range(0, len(order), batch):
        rows = order[start : start + batch]
        width = max(len(ids[i]) for i in rows)
        tokens = torch.full((len(rows), width), tokenizer.pad_token_id)  # (batch, time), padded on the left
        for row, i in enumerate(rows):
            tokens[row, width - len(ids[i]) :] = torch.tensor(ids[i])
        choice = (
            {"do_sample": True, "temperature": temperature, "top_k": top_k} if temperature else {"do_sample": False}
        )
        made = model.generate(
            input_ids=tokens, attention_mask=(tokens != tokenizer.pad_token_id).long(),
            max_new_tokens=min(most_tokens, model.config.max_position_embeddings - width), **choice,
        )  # fmt: skip
        for row, i in enumerate(rows):
            texts[i] = tokenizer.decode(made[row, width:], skip_special_tokens=True).strip()
    return texts


def check(
    model: Any, tokenizer: Any, documents: Sequence[Document], *, temperature: float = 0.0
) -> dict[str, tuple[int, int]]:
    """`following` for what the model writes to these documents' briefs."""
    prompts = [doc.brief.prompt() for doc in documents]
    return following(documents, write(model, tokenizer, prompts, temperature=temperature))
