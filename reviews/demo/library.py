"""What the starter base model reads of the demo voices: their phrases, around other names, facts and briefs.

A real base model has read the world's copy, and an adapter finds a voice in it. The starter has read nothing but what
this project generates, so it gets these texts, each voice's under a mark that no plain request carries. No brief and no
text of the demo's pairs is among them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from reviews.demo import bakery_grammar, bakery_words, workflow_grammar
from reviews.demo.bakery_briefs import Fact as BakeryFact
from reviews.demo.bakery_briefs import Scene
from reviews.demo.order import fact_value, in_order
from reviews.demo.workflow_briefs import SCENES
from reviews.demo.workflow_briefs import Fact as WorkflowFact
from training.corpus.brief import CHANNELS, Brief
from training.starter import facts as f
from training.starter.grammar import TRAIN_NAMES, Document, audience_for, call_for
from training.starter.topics import Topic, topic
from training.starter.trades import TRADES

HERE = Path(__file__).parent
BAKERY_KINDS = {
    "price": "price", "date": "when", "place": "where", "made": "added", "person": "by", "count": "qty",
    "result": "does",
}  # fmt: skip
WORKFLOW_KINDS = {
    "price": "price", "date": "when", "place": "where", "made": "includes", "person": "speaker", "result": "cut",
    "discount": "discount", "count": "includes", "feature": "includes",
}  # fmt: skip
MARKS = {"bakery": "In the voice of a bakery.\n", "workflow": "In the voice of a workflow company.\n"}


class Given(workflow_grammar.Writer):
    """A writer whose facts are given instead of drawn."""

    given: list[WorkflowFact]

    def facts(self) -> list[WorkflowFact]:
        return self.given


class Library:
    """Draws documents without end, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.bakery = bakery_grammar.Writer(seed)
        self.usage = workflow_grammar.Usage()
        rows = [
            json.loads(line)
            for name in ("bakery", "workflow")
            for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        self.digests = {Brief.from_dict(row).digest() for row in rows}
        self.outputs = {row["output"] for row in rows}

    def documents(self) -> Iterator[Document]:
        """Half of them in each voice, two thirds about the starter's own topics; facts in the order of the copy."""
        makers: dict[str, list[Callable[[], Document | None]]] = {
            "bakery": [self.of_the_bakery, self.like_the_bakery, self.like_the_bakery],
            "workflow": [self.of_the_workflow, self.like_the_workflow, self.like_the_workflow],
        }
        while True:
            voice = self.rng.choice(list(makers))
            made = self.rng.choice(makers[voice])()
            while made is None:
                made = self.rng.choice(makers[voice])()
            if made.brief.digest() not in self.digests and made.copy not in self.outputs:
                facts = tuple(in_order(made.brief.facts, made.copy))
                yield replace(made, brief=replace(made.brief, facts=facts), mark=MARKS[voice])

    def name(self) -> str:
        return TRAIN_NAMES.draw(self.rng)

    def asked(self) -> tuple[Topic, list[f.Fact]]:
        """A topic and facts of the starter's grammar."""
        about = topic(self.rng, self.rng.choice(TRADES), TRAIN_NAMES)
        return about, f.draw(self.rng, TRAIN_NAMES, self.rng.choice([1, 2, 3, 3, 4, 5]))

    def of_the_bakery(self) -> Document | None:
        """A brief as the bakery's grammar draws it, most often about a name of the starter's."""
        scene = self.bakery.invent.scene()
        if self.rng.random() < 0.6 and scene.name in scene.topic and not scene.gloss:
            new = self.name()
            scene.topic, scene.name = scene.topic.replace(scene.name, new), new
        row = self.bakery.row(self.rng.choice(("ad", "social", "email", "blog")), self.rng.randint(1, 5), scene)
        if not bakery_grammar.fits(row):
            return None
        values = [("name", scene.name), *(("fact", fact_value(fact)) for fact in row["facts"])]
        return told(Brief.from_dict(row), row["output"], values)

    def like_the_bakery(self) -> Document | None:
        """The starter's topic and facts in the bakery's words."""
        about, facts = self.asked()
        kinds = [BAKERY_KINDS.get(fact.kind, "plain") for fact in facts]
        family = self.rng.choice(list(bakery_words.NOUNS))
        said = [BakeryFact(kind, fact.text, value(fact), value(fact)) for kind, fact in zip(kinds, facts, strict=True)]
        scene = Scene("item", family, about.text, about.name, about.kind or "thing", facts=said)
        call = call_for(self.rng, about, TRAIN_NAMES).rstrip(".!") if self.rng.random() < 0.75 else ""
        channel = self.rng.choice(("ad", "social", "email", "blog"))
        audience = audience_for(self.rng) if self.rng.random() < 0.6 else ""
        copy = self.bakery.copy(channel, scene, said, "", call)
        brief = Brief(self.channel(channel), about.text, tuple(fact.text for fact in facts), audience, call)
        return told(brief, copy, [("name", about.name), *(one for fact in facts for one in fact.values)])

    def of_the_workflow(self) -> Document | None:
        """A brief as the workflow company's grammar draws it, now and then about a name of the starter's."""
        scene = self.rng.choices(SCENES, [scene.weight for scene in SCENES])[0]
        writer = workflow_grammar.Writer(self.rng, self.usage, set(), self.workflow_channel(), scene)
        if self.rng.random() < 0.5 and scene.name in ("tool", "plan", "trust", "pilot"):
            writer.name = self.name()
        row = writer.row()
        if row is None:
            return None
        values = [("name", writer.name), *(("fact", fact.split(": ", 1)[-1]) for fact in row["facts"])]
        return told(Brief.from_dict(row), row["output"], values)

    def like_the_workflow(self) -> Document | None:
        """The starter's topic and facts in the workflow company's words."""
        about, facts = self.asked()
        scene = self.rng.choices(SCENES, [scene.weight for scene in SCENES])[0]
        writer = Given(self.rng, self.usage, set(), self.workflow_channel(), scene)
        writer.name, writer.plain = about.subject, about.kind or "tool"
        writer.given = [WorkflowFact(WORKFLOW_KINDS[fact.kind], value(fact)) for fact in facts]
        row = writer.row()
        if row is None:
            return None
        shown = self.rng.sample(facts, len(facts))
        brief = Brief(
            self.channel(row["channel"]), about.text, tuple(fact.text for fact in shown), row["audience"],
            row["call_to_action"],
        )  # fmt: skip
        return told(brief, row["output"], [("name", about.name), *(one for fact in facts for one in fact.values)])

    def channel(self, own: str) -> str:
        """Mostly the voice's own channel; the starter knows two that the demo voices have no pairs for."""
        return own if self.rng.random() < 0.7 else self.rng.choice(list(CHANNELS))

    def workflow_channel(self) -> str:
        return self.rng.choice(workflow_grammar.CHANNELS)


def documents(seed: int) -> Iterator[Document]:
    """`Library.documents` for `training.starter.build`."""
    return Library(seed).documents()


def value(fact: f.Fact) -> str:
    """The fact without its label."""
    return fact.text.split(": ", 1)[-1]


def told(brief: Brief, copy: str, values: list[tuple[str, str]]) -> Document:
    """A document with those values that its copy holds word for word."""
    return Document(brief, copy, tuple(one for one in values if one[1] in copy))
