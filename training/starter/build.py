"""Build the starter base model: tokenizer, pretraining, and the model folder; the same from the same seed.

    python manage.py build_starter --out DIR

A document is bos + prompt + copy + eos, prompt and copy encoded separately, as the engine does. The loss lies on the
copy alone; tokens of fact values weigh more. Training starts with repeated random tokens, which form the copying
heads in minutes where the grammar alone takes hours.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import torch
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from torch.nn import functional
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from training.starter.evaluate import check, held_out_documents, shares
from training.starter.grammar import Document, stream
from training.starter.styles import MARK, styled

BOS, EOS, PAD = "<s>", "</s>", "<pad>"
PIECES = r" ?\d| ?\p{L}+|\r?\n| ?[^\s\p{L}\d]|\s"


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides the weights. Lengths are in tokens, `steps` in optimiser steps."""

    seed: int = 7
    vocabulary: int = 2048
    width: int = 192
    inner: int = 512
    layers: int = 4
    heads: int = 6
    context: int = 512
    steps: int = 4200
    batch_tokens: int = 3072
    rate: float = 2.5e-3
    repeat_steps: int = 300
    short_steps: int = 600
    value_weight: float = 2.0
    tidy: int = 0
    stop: int = 2400
    styled: float = 0.0
    check_every: int = 300

    def __post_init__(self) -> None:
        if not 0 < self.stop <= self.steps:
            raise ValueError(f"stop {self.stop} is not within the {self.steps} steps of the schedule; lower it.")
        if self.width % self.heads:
            raise ValueError(f"width {self.width} is not a multiple of heads {self.heads}; change one of them.")


LEGS = (
    Recipe(),
    Recipe(seed=21, tidy=1, steps=3000, stop=1500, rate=2e-3, repeat_steps=0, short_steps=0, value_weight=3.0),
)
"""How the shipped model was made: loose copy first, then tidy copy.

The second leg starts from the float16 folder of the first, with a fresh optimiser.
"""

VOICES_LEG = Recipe(
    seed=33, tidy=1, steps=3600, stop=3600, rate=2e-3, repeat_steps=0, short_steps=0, value_weight=3.0, styled=0.45
)
"""A third leg that mixes in everyday English, for adapters; not part of the shipped model. `build_starter --voices`."""


def build_tokenizer(recipe: Recipe, documents: int = 30_000) -> PreTrainedTokenizerFast:
    """Byte-level BPE in which every digit and mark stands alone, trained on the grammar.

    A space is put before each text, so a name is the same tokens at the start of the copy as inside the prompt; the
    decoder takes it away again.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Prepend(" ")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.Sequence([decoders.ByteLevel(), decoders.Strip(" ", 1, 0)])
    trainer = trainers.BpeTrainer(
        vocab_size=recipe.vocabulary, special_tokens=[BOS, EOS, PAD], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )  # fmt: skip
    texts = (
        text for doc in islice(stream(recipe.seed, tidy=False), documents) for text in (doc.brief.prompt(), doc.copy)
    )
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=BOS, eos_token=EOS, pad_token=PAD, model_max_length=recipe.context,
        clean_up_tokenization_spaces=False,
    )  # fmt: skip


def example(
    tokenizer: Any, doc: Document, value_weight: float, mark: str = "", plain_weight: float = 1.0
) -> tuple[list[int], list[float]]:
    """Token ids and loss weights of one document, both (time,); `mark` stands before the prompt."""
    fast = tokenizer.backend_tokenizer
    prompt = fast.encode(mark + doc.brief.prompt(), add_special_tokens=False).ids
    copy = fast.encode(doc.copy, add_special_tokens=False)
    weights = [plain_weight] * len(copy.ids)
    spans = [(at, at + len(value)) for _, value in doc.values if (at := doc.copy.find(value)) >= 0]
    for index, (start, end) in enumerate(copy.offsets):
        if any(start < b and end > a for a, b in spans):
            weights[index] = value_weight
    eos = tokenizer.eos_token_id
    return [tokenizer.bos_token_id, *prompt, *copy.ids, eos], [0.0] * (1 + len(prompt)) + weights + [1.0]


def repeats(rng: Random, recipe: Recipe) -> tuple[list[int], list[float]]:
    """Random tokens, then some stretches of them again; only the repetition is scored."""
    ids = [rng.randrange(3, recipe.vocabulary) for _ in range(rng.randint(8, 48))]
    weights = [0.0] * len(ids)
    for _ in range(rng.randint(1, 3)):
        start = rng.randrange(len(ids) // 2)
        piece = ids[start : start + rng.randint(5, 30)]
        ids, weights = ids + piece, weights + [0.0, 0.0] + [1.0] * (len(piece) - 2)
    return ids, weights[: len(ids)]


Row = tuple[list[int], list[float]]


def batches(tokenizer: Any, recipe: Recipe) -> Iterator[list[Row]]:
    """Batches of about `batch_tokens` tokens of like length: repeats first, then short briefs, then all."""
    rng = Random(recipe.seed + 1)
    tidy = bool(recipe.tidy)
    short, full = stream(recipe.seed + 2, most_facts=2, tidy=tidy), stream(recipe.seed + 3, tidy=tidy)
    done = 0
    while True:
        share = 1.0 if done < recipe.repeat_steps else 0.04
        docs = short if done < recipe.repeat_steps + recipe.short_steps else full
        pool: list[Row] = []
        for _ in range(400):
            pick = rng.random()
            if pick < share:
                pool.append(repeats(rng, recipe))
            elif pick < share + recipe.styled:
                pool.append(example(tokenizer, styled(rng), recipe.value_weight, MARK, 0.5))
            else:
                pool.append(example(tokenizer, next(docs), recipe.value_weight))
        pool = sorted((row for row in pool if len(row[0]) <= recipe.context), key=lambda row: len(row[0]))
        group: list[Row] = []
        ready: list[list[Row]] = []
        for row in pool:
            if group and (len(group) + 1) * len(row[0]) > recipe.batch_tokens:
                ready.append(group)
                group = []
            group.append(row)
        rng.shuffle(ready)
        done += len(ready)
        yield from ready


def loss_of(model: Any, rows: list[Row], pad: int) -> tuple[torch.Tensor, int]:
    """Weighted mean cross-entropy in nats over the scored tokens, and how many tokens went in."""
    width = max(len(ids) for ids, _ in rows)
    tokens = torch.full((len(rows), width), pad)  # (batch, time)
    weights = torch.zeros(len(rows), width)
    for index, (ids, weight) in enumerate(rows):
        tokens[index, : len(ids)] = torch.tensor(ids)
        weights[index, : len(weight)] = torch.tensor(weight)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = model.model(input_ids=tokens, use_cache=False).last_hidden_state[:, :-1]
        scored = weights[:, 1:] > 0
        logits = model.lm_head(hidden[scored])  # (scored, vocabulary)
    losses = functional.cross_entropy(logits.float(), tokens[:, 1:][scored], reduction="none")
    chosen = weights[:, 1:][scored]
    return (losses * chosen).sum() / chosen.sum(), sum(len(ids) for ids, _ in rows)


def new_model(recipe: Recipe, tokenizer: Any) -> LlamaForCausalLM:
    """An untrained model of the recipe's shape."""
    torch.manual_seed(recipe.seed)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=recipe.width,
            intermediate_size=recipe.inner,
            num_hidden_layers=recipe.layers,
            num_attention_heads=recipe.heads,
            num_key_value_heads=recipe.heads,
            max_position_embeddings=recipe.context,
            tie_word_embeddings=True,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )  # fmt: skip
    )


def save(model: LlamaForCausalLM, tokenizer: Any, out: Path, record: dict[str, Any]) -> None:
    """Write the model folder, weights in float16, with the record of the build beside them."""
    out.mkdir(parents=True, exist_ok=True)
    half = LlamaForCausalLM(model.config)
    half.load_state_dict(model.state_dict())
    half.to(torch.float16).save_pretrained(out)  # type: ignore[arg-type]
    tokenizer.save_pretrained(out)
    (out / "build.json").write_text(json.dumps(record, indent=1) + "\n")


def build(recipe: Recipe, out: Path, start: Path | None = None, say: Callable[[str], None] = print) -> None:
    """Train, from nothing or from the folder `start`, and leave the model folder at `out`.

    The folder is rewritten at every check, so that it can be used early. The two legs of the shipped model are `LEGS`.
    """
    torch.set_num_threads(1)
    curve: list[dict[str, Any]] = []
    if start:
        tokenizer = PreTrainedTokenizerFast.from_pretrained(start)
        model = LlamaForCausalLM.from_pretrained(start, dtype=torch.float32)
        torch.manual_seed(recipe.seed)
        curve = json.loads((start / "build.json").read_text())["curve"]
    else:
        tokenizer = build_tokenizer(recipe)
        model = new_model(recipe, tokenizer)
    before = curve[-1] if curve else {"step": 0, "tokens": 0, "seconds": 0}
    size = sum(p.numel() for p in model.parameters())
    say(f"{size / 1e6:.2f} million parameters, {len(tokenizer)} tokens, bfloat16 autocast on one core")
    plain = [p for p in model.parameters() if p.dim() < 2]
    matrices = [p for p in model.parameters() if p.dim() > 1]
    optimiser = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0.0}],
        lr=recipe.rate,
        betas=(0.9, 0.98),
    )
    documents = held_out_documents(60)
    began, seen, mean = time.process_time(), 0, 0.0
    for step, rows in enumerate(islice(batches(tokenizer, recipe), recipe.stop), start=1):
        warm = min(1.0, step / 100)
        rate = recipe.rate * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / recipe.steps)))
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        loss, count = loss_of(model, rows, tokenizer.pad_token_id)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        seen += count
        mean = loss.item() if step == 1 else 0.98 * mean + 0.02 * loss.item()
        if step % 50 == 0:
            say(f"step {step}  {seen / 1e6:.2f} M tokens  {time.process_time() - began:.0f} s  loss {mean:.3f}")
        if step % recipe.check_every == 0 and step > recipe.repeat_steps or step == recipe.stop:
            counts = check(model, tokenizer, documents)
            say(f"step {step}  {shares(counts)}")
            seconds = before["seconds"] + round(time.process_time() - began)
            point = {"step": before["step"] + step, "tokens": before["tokens"] + seen, "seconds": seconds}
            curve.append({**point, "loss": round(mean, 3), "found": counts})
            save(model, tokenizer, out, {"recipe": asdict(recipe), "parameters": size, "curve": curve})


CARD = """---
license: mit
language: en
pipeline_tag: text-generation
---
# The starter base model

A small Llama-architecture model that comes with VoiceLab so that a demo needs no download. {parameters:.2f} million
parameters ({layers} layers, width {width}, {heads} heads, inner width {inner}, context {context} tokens, tied
embeddings), byte-level BPE of {vocabulary} tokens with every digit and mark alone, weights in float16.

## What it is
It answers a brief (`Brief.prompt()`) with short, neutral, bland marketing copy in English that states the facts of the
brief word for word and in order. The bland house style is the point: an adapter that leaves it is easy to see.

## What it is not
It knows nothing about the world and has read no human text: only documents from `training/starter/grammar.py`. It
cannot answer questions, reason, translate, or write freely; wordings far from the grammar make it stumble, and it can
drop or mix up facts. It is a demo model: use a real base model for real clients.

## Format
bos + prompt + copy + eos; prompt and copy are encoded separately, without special tokens. The tokenizer itself adds
no special tokens; it puts a space before each text it encodes and takes one off when it decodes, so a name is the
same tokens everywhere.

## How it was made
    {command}

{legs}

{tokens:.1f} million tokens, {seconds} processor seconds on one core (bfloat16 autocast), about {batch_tokens} tokens
a step. The first {repeat_steps} steps of the first leg are repeated random tokens, which form the copying heads, the
next {short_steps} briefs with at most two facts, then all. The second leg has copy in which nothing stands between the
facts. Each leg
starts from the float16 weights of the one before, with a fresh optimiser. Names are drawn afresh for every document;
an eighth of all names, chosen by checksum, never occurs in training and is used for the check.

## The curve: share of 60 unseen briefs whose greedy copy holds the value
{curve}

{figures}
"""


def write_card(
    out: Path,
    legs_run: tuple[Recipe, ...] = LEGS,
    figures: str = "",
    command: str = "python manage.py build_starter --out DIR",
) -> None:
    """Write the model card from the folder's build.json; `figures` is Markdown that follows the curve."""
    record = json.loads((out / "build.json").read_text())
    kinds = ["name", "price", "date", "weekday", "time", "place", "discount", "person", "feature", "call"]
    lines = ["| step | million tokens | seconds | loss | " + " | ".join(kinds) + " |", "|---" * (4 + len(kinds)) + "|"]
    for point in record["curve"]:
        found = [f"{point['found'][kind][0] / point['found'][kind][1]:.2f}" for kind in kinds]
        head = [point["step"], f"{point['tokens'] / 1e6:.2f}", point["seconds"], point["loss"]]
        lines.append("| " + " | ".join(str(cell) for cell in [*head, *found]) + " |")
    recipe = asdict(LEGS[0])
    legs = "\n".join(
        f"- leg {number}: seed {leg.seed}, {leg.stop} steps (cosine over {leg.steps}), learning rate {leg.rate}, "
        f"weight of fact tokens {leg.value_weight}, other voices {leg.styled:.0%}"
        for number, leg in enumerate(legs_run, start=1)
    )
    last = record["curve"][-1]
    shape = {
        **recipe,
        "parameters": record["parameters"] / 1e6,
        "tokens": last["tokens"] / 1e6,
        "seconds": last["seconds"],
    }
    (out / "README.md").write_text(
        CARD.format(**shape, legs=legs, curve="\n".join(lines), figures=figures, command=command)
    )


def build_all(out: Path, voices: bool = False, say: Callable[[str], None] = print) -> None:
    """Run every leg, each from the float16 folder of the one before, and leave the last model and its card at `out`."""
    start: Path | None = None
    legs = (*LEGS, VOICES_LEG) if voices else LEGS
    for number, leg in enumerate(legs, start=1):
        folder = out if number == len(legs) else out / f"leg{number}"
        say(f"leg {number} of {len(legs)} -> {folder}")
        build(leg, folder, start, say)
        start = folder
    write_card(out, legs)
