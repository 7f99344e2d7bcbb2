"""Overlap with reference copy: ROUGE-1/2/L by rouge-score and BLEU by sacrebleu, with bootstrap intervals.

Overlap is a regression alarm, not a measure of voice: people's scores are. Numbers in, numbers out.
"""

from __future__ import annotations

import importlib.metadata
import re
from dataclasses import dataclass

import numpy as np

DRAWS = 500
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Figure:
    """One figure with its 95 % interval (percentile bootstrap over texts), n texts and the tool's signature."""

    name: str
    value: float
    low: float
    high: float
    n: int
    signature: str


class UnicodeTokenizer:
    """Words in any script, case aside; rouge-score's own tokenizer keeps a-z and 0-9 alone."""

    def tokenize(self, text: str) -> list[str]:
        return WORD.findall(text.casefold())


def overlap(texts: list[str], references: list[str], *, seed: int = 0) -> list[Figure]:
    """ROUGE-1/2/L F1 (0-1, mean over texts) and corpus BLEU (0-100) of texts against one reference each.

    Raises ValueError when the lists differ in length. No texts give no figures.
    """
    if len(texts) != len(references):
        raise ValueError(f"{len(texts)} texts came with {len(references)} references.")
    if not texts:
        return []
    return [*rouge(texts, references, seed), bleu(texts, references, seed)]


def rouge(texts: list[str], references: list[str], seed: int) -> list[Figure]:
    from rouge_score.rouge_scorer import RougeScorer

    names = ["rouge1", "rouge2", "rougeL"]
    scorer = RougeScorer(names, use_stemmer=False, tokenizer=UnicodeTokenizer())
    rows = [scorer.score(reference, text) for text, reference in zip(texts, references, strict=True)]
    version = importlib.metadata.version("rouge-score")
    random = np.random.default_rng(seed)
    picks = random.integers(0, len(texts), size=(DRAWS, len(texts)))
    figures = []
    for name in names:
        values = np.array([row[name].fmeasure for row in rows])
        low, high = np.quantile(values[picks].mean(axis=1), [0.025, 0.975])
        signature = f"f1|stem:no|tok:unicode-words|nrefs:1|rouge-score:{version}"
        figures.append(Figure(name, float(values.mean()), float(low), float(high), len(texts), signature))
    return figures


def bleu(texts: list[str], references: list[str], seed: int) -> Figure:
    """Corpus BLEU; the bootstrap adds up the sentences' own counts, so it scores no text twice."""
    from sacrebleu.metrics.bleu import BLEU

    metric = BLEU()
    score = metric.corpus_score(texts, [references])
    parts = [metric.corpus_score([text], [[reference]]) for text, reference in zip(texts, references, strict=True)]
    counts = np.array([[*part.counts, *part.totals, part.sys_len, part.ref_len] for part in parts])
    random = np.random.default_rng(seed)
    values = []
    for _ in range(DRAWS):
        total = counts[random.integers(0, len(texts), size=len(texts))].sum(axis=0)
        values.append(
            BLEU.compute_bleu(
                correct=total[:4].tolist(),
                total=total[4:8].tolist(),
                sys_len=int(total[8]),
                ref_len=int(total[9]),
                smooth_method="exp",
            ).score
        )
    low, high = np.quantile(values, [0.025, 0.975])
    return Figure("bleu", score.score, float(low), float(high), len(texts), str(metric.get_signature()))
