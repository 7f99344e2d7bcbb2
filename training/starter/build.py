"""Build the starter base model: tokenizer, pretraining, and the model folder; the same from the same seed.

    python manage.py build_starter --out DIR

A document is bos + prompt + copy + eos, prompt and copy encoded separately, as the engine does. The loss lies on the
copy alone; tokens of fact values weigh more. Training starts with repeated random tokens, which form the copying
heads in minutes where the grammar alone takes hours.
"""

from __future__ import annotations

import json
import shutil
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

from training.engine import checkpoint
from training.starter.evaluate import check, held_out_documents, shares
from training.starter.grammar import Document, stream
from training.starter.styles import styled

BOS, EOS, PAD = "<s>", "</s>", "<pad>"
UNFINISHED = "unfinished"
PIECES = r" ?\d| ?\p{L}+|\r?\n| ?[^\s\p{L}\d]|\s"


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides the weights. Lengths are in tokens, `steps` in optimiser steps.

    The learning rate warms up, stays, and falls to nothing over the last `decay` of the steps. `styled` is the share
    of documents in no settled voice, `library` that of documents of settled voices, which the caller brings, and
    `value_weight` is the weight of fact tokens in the loss. `opening_weight` is that of the first token of a sentence
    in a settled voice, where the model decides which fact comes next, or that all are told.
    """

    seed: int = 7
    vocabulary: int = 3072
    tokenizer_documents: int = 30_000
    width: int = 192
    inner: int = 512
    layers: int = 4
    heads: int = 6
    context: int = 512
    steps: int = 8000
    warmup: int = 100
    decay: float = 0.3
    batch_tokens: int = 3072
    rate: float = 2e-3
    repeat_steps: int = 300
    short_steps: int = 600
    value_weight: float = 3.0
    opening_weight: float = 1.0
    styled: float = 0.45
    library: float = 0.0
    check_every: int = 500
    check_documents: int = 60

    def __post_init__(self) -> None:
        if self.steps <= self.warmup:
            raise ValueError(f"steps {self.steps} do not reach beyond the {self.warmup} steps of warm-up; raise them.")
        if self.width % self.heads:
            raise ValueError(f"width {self.width} is not a multiple of heads {self.heads}; change one of them.")

    def rate_at(self, step: int) -> float:
        """The learning rate of step 1, 2, ...: warm-up, stay, and a straight way down to nothing."""
        left = (self.steps - step + 1) / (self.steps * self.decay)
        return self.rate * min(1.0, step / self.warmup, left)


LEGS = (
    Recipe(),
    Recipe(
        seed=23, steps=7000, decay=0.5, repeat_steps=0, short_steps=0, styled=0.08, library=0.68, check_every=1000,
    ),
    Recipe(
        seed=24, steps=1600, warmup=50, decay=0.9, rate=1.5e-3, repeat_steps=0, short_steps=0, opening_weight=3.0,
        styled=0.05, library=0.75, check_every=400,
    ),
    Recipe(
        seed=25, steps=1400, warmup=50, decay=0.9, rate=1.5e-3, repeat_steps=0, short_steps=0, opening_weight=3.0,
        styled=0.05, library=0.75, check_every=700,
    ),
)  # fmt: skip
"""How the shipped model is made: the language and the copying of facts first, then voices to find.

Each leg starts from the float16 folder of the one before, with a fresh optimiser.
"""


def build_tokenizer(recipe: Recipe) -> PreTrainedTokenizerFast:
    """Byte-level BPE in which every digit and mark stands alone, trained on documents of both kinds.

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
    rng = Random(recipe.seed)
    plain = islice(stream(recipe.seed), recipe.tokenizer_documents)
    mixed = (styled(rng) if number % 2 else doc for number, doc in enumerate(plain))
    tokenizer.train_from_iterator((text for doc in mixed for text in (doc.brief.prompt(), doc.copy)), trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=BOS, eos_token=EOS, pad_token=PAD, model_max_length=recipe.context,
        clean_up_tokenization_spaces=False,
    )  # fmt: skip


def example(
    tokenizer: Any, doc: Document, value_weight: float, plain_weight: float = 1.0, opening_weight: float = 0.0
) -> tuple[list[int], list[float]]:
    """Token ids and loss weights of one document, both (time,)."""
    fast = tokenizer.backend_tokenizer
    prompt = fast.encode(doc.mark + doc.brief.prompt(), add_special_tokens=False).ids
    copy = fast.encode(doc.copy, add_special_tokens=False)
    weights = [plain_weight] * len(copy.ids)
    spans = [(at, at + len(value)) for _, value in doc.values if (at := doc.copy.find(value)) >= 0]
    for index, (start, end) in enumerate(copy.offsets):
        if any(start < b and end > a for a, b in spans):
            weights[index] = value_weight
        elif opening_weight and (not start or doc.copy[:start].rstrip(" ")[-1:] in ".!?\n)"):
            weights[index] = opening_weight
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
Library = Callable[[int], Iterator[Document]]
Point = dict[str, Any]
"""One check of the curve: step, tokens, seconds, loss, and what was found of each kind of fact."""


def batches(tokenizer: Any, recipe: Recipe, library: Iterator[Document]) -> Iterator[list[Row]]:
    """Batches of about `batch_tokens` tokens of like length: repeats first, then short briefs, then all."""
    rng = Random(recipe.seed + 1)
    short, full = stream(recipe.seed + 2, most_facts=2), stream(recipe.seed + 3)
    done = 0
    while True:
        begins = done < recipe.repeat_steps
        repeated = 1.0 if begins else 0.04
        docs = short if done < recipe.repeat_steps + recipe.short_steps else full
        loose = recipe.styled / 2 if docs is short else recipe.styled
        pool: list[Row] = []
        for _ in range(400):
            pick = rng.random()
            if pick < repeated:
                pool.append(repeats(rng, recipe))
            elif pick < repeated + loose:
                pool.append(example(tokenizer, styled(rng), recipe.value_weight, 0.5))
            elif pick < repeated + loose + recipe.library:
                opening = recipe.opening_weight
                pool.append(example(tokenizer, next(library), recipe.value_weight, opening_weight=opening))
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


def build(
    recipe: Recipe, out: Path, start: Path | None = None, library: Library | None = None,
    say: Callable[[str], None] = print,
) -> None:  # fmt: skip
    """Train, from nothing or from the folder `start`, and leave the model folder at `out`.

    `library` gives documents of settled voices for a seed. The folder is rewritten at every check, so that it can be
    used early; a build that was stopped goes on from there.
    """
    torch.set_num_threads(1)
    if start:
        tokenizer = PreTrainedTokenizerFast.from_pretrained(start)
        model = LlamaForCausalLM.from_pretrained(start, dtype=torch.float32)
    else:
        tokenizer = build_tokenizer(recipe)
        model = new_model(recipe, tokenizer)
    if recipe.library and library is None:
        raise ValueError(f"The recipe asks for {recipe.library:.0%} of settled voices; give a library of them.")
    size = sum(p.numel() for p in model.parameters())
    say(f"{size / 1e6:.2f} million parameters, {len(tokenizer)} tokens, bfloat16 autocast on one core")
    plain = [p for p in model.parameters() if p.dim() < 2]
    matrices = [p for p in model.parameters() if p.dim() > 1]
    optimiser = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0.0}],
        lr=recipe.rate,
        betas=(0.9, 0.98),
    )
    work = out / UNFINISHED
    curve, mean = resume(work, model, optimiser)
    earlier = json.loads((start / "build.json").read_text()) if start else None
    last = curve[-1] if curve else {"step": 0, "tokens": 0, "seconds": 0}
    began, seen = time.process_time(), last["tokens"]
    documents = held_out_documents(recipe.check_documents)
    voices = library(recipe.seed) if library else iter(())
    for step, rows in enumerate(islice(batches(tokenizer, recipe, voices), recipe.steps), start=1):
        if step <= last["step"]:
            continue
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate_at(step)
        model.train()
        loss, count = loss_of(model, rows, tokenizer.pad_token_id)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        seen += count
        mean = loss.item() if step == 1 else 0.98 * mean + 0.02 * loss.item()
        seconds = last["seconds"] + round(time.process_time() - began)
        if step % 50 == 0:
            say(f"step {step}  {seen / 1e6:.2f} M tokens  {seconds} s  loss {mean:.3f}")
        if step % recipe.check_every == 0 or step == recipe.steps:
            counts = check(model, tokenizer, documents)
            say(f"step {step}  {shares(counts)}")
            curve.append({"step": step, "tokens": seen, "seconds": seconds, "loss": round(mean, 3), "found": counts})
            record = {"recipe": asdict(recipe), "parameters": size, "curve": curve, "earlier": earlier}
            save(model, tokenizer, out, record)
            weights = {f"weights.{name}": one for name, one in model.state_dict().items() if name != "lm_head.weight"}
            state = {**weights, **checkpoint.optimizer_state(optimiser)}
            checkpoint.save(work, {"curve": curve, "mean": mean}, state)
    checkpoint.remove(work)


def build_all(out: Path, library: Library, say: Callable[[str], None] = print) -> None:
    """Run all legs and leave the model and its card at `out`. Legs that are finished are not run again."""
    start = None
    for number, leg in enumerate(LEGS, start=1):
        folder = out if number == len(LEGS) else out / f"leg{number}"
        if not is_finished(folder):
            say(f"leg {number} of {len(LEGS)}")
            build(leg, folder, start=start, library=library, say=say)
        start = folder
    for number in range(1, len(LEGS)):
        shutil.rmtree(out / f"leg{number}")
    write_card(out)


def is_finished(out: Path) -> bool:
    """Whether a build has come to its end here."""
    return (out / "model.safetensors").exists() and not (out / UNFINISHED).exists()


def resume(work: Path, model: Any, optimiser: torch.optim.Optimizer) -> tuple[list[Point], float]:
    """(curve so far, running mean of the loss) of a stopped build, its weights and optimiser put back."""
    found = checkpoint.load(work)
    if found is None:
        return [], 0.0
    facts, tensors = found
    weights = {name.removeprefix("weights."): one for name, one in tensors.items() if name.startswith("weights.")}
    model.load_state_dict(weights, strict=False)  # the head is tied to the embedding
    checkpoint.set_optimizer_state(optimiser, tensors)
    return facts["curve"], facts["mean"]


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
It knows nothing about the world and has read no human text, only documents that this project generates. It cannot
answer questions, reason, translate, or write freely; wordings far from the grammar make it stumble, and it can drop
or mix up facts. It is a demo model: use a real base model for real clients.

Its adapters for the two demo voices do well because it has read those voices' phrases before, as a real base model
has read the world's copy (see below). An adapter for any other voice learns far less on it.

## Format
bos + prompt + copy + eos; prompt and copy are encoded separately, without special tokens. The tokenizer itself adds
no special tokens; it puts a space before each text it encodes and takes one off when it decodes, so a name is the
same tokens everywhere.

## How it was made
    python manage.py build_starter --out DIR

{legs}

{tokens:.1f} million tokens in all, {seconds} processor seconds on one core (bfloat16 autocast, AdamW; the rate stays,
then falls in a straight line to nothing). The first {repeat_steps} steps are repeated random tokens, which form the
copying heads, the next {short_steps} briefs with at most two facts. What is read:

- plain documents of the grammar (`training/starter/grammar.py`), the house style;
- everyday English by chance around facts in any order (`training/starter/styles.py`), for words and sentence shapes;
- in the later legs, settled voices: the demo voices' own phrases around other names, facts and briefs
  (`reviews/demo/library.py`); no brief and no text of the demo's pairs is among them.

The last two stand under marks before the prompt, one for each voice, that no plain request carries, so the house
style stays bland.
Names are drawn afresh for every document; an eighth of the names of the grammar, chosen by checksum, never occurs in
training and is used for the check.

## The curve: share of {check_documents} unseen briefs whose greedy copy holds the value
{curve}

{figures}
"""


def write_card(out: Path, figures: str = "") -> None:
    """Write the model card from the folder's build.json; `figures` is Markdown that follows the curve."""
    record = json.loads((out / "build.json").read_text())
    kinds = ["name", "price", "date", "weekday", "time", "place", "discount", "person", "feature", "call"]
    head = "| leg | step | million tokens | seconds | loss | " + " | ".join(kinds) + " |"
    lines = [head, "|---" * (5 + len(kinds)) + "|"]
    tokens = seconds = 0
    parts = [record]
    while parts[0]["earlier"]:
        parts.insert(0, parts[0]["earlier"])
    for leg, part in enumerate(parts, start=1):
        for point in part["curve"]:
            found = [f"{point['found'][kind][0] / point['found'][kind][1]:.2f}" for kind in kinds]
            cells = [leg, point["step"], f"{point['tokens'] / 1e6:.2f}", point["seconds"], point["loss"], *found]
            lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
        tokens, seconds = tokens + part["curve"][-1]["tokens"], seconds + part["curve"][-1]["seconds"]
    legs = "\n".join(
        f"- leg {number}: seed {leg.seed}, {leg.steps} steps of about {leg.batch_tokens} tokens, learning rate "
        f"{leg.rate:g} (falling over the last {leg.decay:.0%}), weight of fact tokens {leg.value_weight:g}, "
        f"everyday English {leg.styled:.0%}, settled voices {leg.library:.0%}"
        + (f", weight of their sentences' first tokens {leg.opening_weight:g}" if leg.opening_weight != 1 else "")
        for number, leg in enumerate(LEGS, start=1)
    )
    shape = {**asdict(LEGS[0]), "parameters": record["parameters"] / 1e6, "tokens": tokens / 1e6, "seconds": seconds}
    (out / "README.md").write_text(CARD.format(**shape, legs=legs, curve="\n".join(lines), figures=figures))
