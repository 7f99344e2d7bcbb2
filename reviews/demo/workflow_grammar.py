"""Makes briefs and copy for the workflow-automation demo client from a grammar, the same for the same seed.

`python -m reviews.demo.workflow_grammar` writes workflow.jsonl: the pairs written by hand, then these.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reviews.demo import workflow_phrases as phrases
from reviews.demo import workflow_words as words
from reviews.demo.order import in_order
from reviews.demo.workflow_briefs import SCENES, Fact, Figures, Scene, article, gerund, plural, third, upper

HERE = Path(__file__).parent
ROWS = 680
SEED = 2026
CHANNELS = ("blog", "social", "email", "ad")
LENGTHS = {"ad": (12, 30), "social": (20, 45), "email": (40, 80), "blog": (60, 105)}
SHARED = 0.3
"""The largest allowed Jaccard similarity of 5-word shingles between two outputs."""


def count_words(text: str) -> int:
    return len(text.split())


def shingles(text: str, size: int = 5) -> set[tuple[str, ...]]:
    found = re.findall(r"[\w$%.,']+", text.lower())
    return {tuple(found[i : i + size]) for i in range(len(found) - size + 1)}


@dataclass
class Usage:
    """What the outputs so far have used, so that the next one prefers what is rare."""

    counts: Counter[str] = field(default_factory=Counter)

    def pick(self, rng: random.Random, options: tuple[str, ...] | list[str]) -> str:
        chosen = min(rng.sample(options, min(4, len(options))), key=lambda option: self.counts[option])
        self.counts[chosen] += 1
        return chosen


SHAPES: dict[str, tuple[str, ...]] = {
    "ad": ("L W C", "L W C", "W L C", "L W F C", "L F W C", "P L C", "L C F", "L P C", "L B C", "L B C F"),
    "social": (
        "L P W F C",
        "L W F K C",
        "P W L F C",
        "L W B C",
        "B L W F C",
        "L F B C",
        "L P F K C",
        "L B F K C",
        "P L W C",
        "L W P C F",
    ),
    "email": (
        "S / P W / L F K / C",
        "S / L P / W F / C",
        "S / B W / L F C",
        "S / L P / W F C",
        "S / L W B F / C K",
        "L W / P F / C",
        "S / L W / K F / C",
        "S / L B / F K C",
        "S / P B / W L / F C",
        "L P / B F K / C",
    ),
    "blog": (
        "L P W / B F K / F C",
        "L P / W W K F / F C",
        "L W / P B F / F K C",
        "P B / L W F / F K C",
        "L P / W B K / F C",
        "L F P / W B / K F C",
        "L B P / W K / F F C",
        "L B / P W W / F K C",
        "P L / W B F / C K",
        "L K / P W B / F F C",
    ),
}
FACTS = {"ad": (1, 2), "social": (1, 3), "email": (2, 4), "blog": (3, 5)}


class Writer:
    """Writes one pair: draws a scene, names, facts and sentences. The slots remember what was introduced."""

    def __init__(self, rng: random.Random, usage: Usage, taken: set[str], channel: str, scene: Scene) -> None:
        self.rng, self.usage, self.channel = rng, usage, channel
        self.process = usage_process(rng, usage)
        self.figures = Figures(rng, self.process)
        self.scene = scene
        self.name = ""
        while not self.name or self.name in taken:
            self.firm = f"{self.figures.of(words.FIRMS)} {self._trade()}"
            self.firm_short = self.firm.partition(", ")[0]
            self.name, self.plain = self._name()
        self.introduced = self.mentioned = False
        self.steps = self.process.steps.split("|")
        self.slow = rng.sample(self.process.slow.split("|"), 3)
        self.chores = rng.sample(self.process.chores.split("|"), 3)
        self.used: set[str] = set()

    def _trade(self) -> str:
        own = words.TRADES_OF.get(self.process.name)
        return self.figures.of(own) if own else self.figures.of(words.TRADES)

    def _name(self) -> tuple[str, str]:
        """The name in full, and the word that stands for it later."""
        rng, head = self.rng, self.figures.of(self.process.heads)
        tail = self.figures.of(words.TAILS)
        kind = self.scene.name
        if kind == "case":
            return self.firm_short, self.figures.of(self.scene.short)
        if kind in ("meeting", "event"):
            noun = self.figures.of("Hour|Clinic|Briefing|Forum|Roundtable|Lab|Exchange|Review|Table|Workshop")
            if kind == "event":
                self.figures.city = self.figures.of(words.CITIES)
                head = f"{self.figures.city} {head}"
            return f"the {head} {noun}", noun.lower()
        if kind == "report":
            noun = self.figures.of("Benchmark|Report|Survey|Yearbook|Index|Study")
            return f"the {self.figures.of('Annual |Midyear |Plain ||')}{head} {noun}", noun.lower()
        if kind == "connector":
            system = self.figures.of(words.FIRMS) + " " + self.figures.of("ERP|CRM|Payroll|Books|HR|WMS|TMS|Drive")
            return (
                f"the {rng.choice([system, self.figures.of(words.SYSTEMS)])} {self.figures.of('connector|link')}",
                "connector",
            )
        if kind == "release":
            number = f"{rng.randrange(2, 13)}.{rng.randrange(1, 10)}"
            return f"{self.figures.of('release|version')} {number} of {self._product(head, tail)[0]}", "release"
        if kind == "service":
            return f"the {head} {self.figures.of('Helpdesk|Care Line|Support Line|Night Desk|Phone Desk')}", "desk"
        if kind == "office":
            return f"the {self.figures.of(words.CITIES)} {self.figures.of('office|service center|branch')}", "office"
        if kind == "template":
            noun = self.figures.of("Checklist|Worksheet|Template|Kit|Playbook|Calculator|Scorecard|Planner")
            return f"the {self.figures.of('Monthly |Short |First |||')}{head} {noun}", noun.lower()
        return self._product(head, tail)

    def _product(self, head: str, tail: str) -> tuple[str, str]:
        roll = self.rng.random()
        if roll < 0.2:
            return f"{self.figures.of(words.COINED)} {tail}", tail.lower()
        if roll < 0.3:
            return f"{self.figures.of(words.COINED)} {head}", "tool"
        if roll < 0.36:
            return f"the Keelstep {head} {tail}", tail.lower()
        return f"the {head} {tail}", tail.lower()

    def slot(self, key: str) -> str:
        process = self.process
        if key == "it" or (key == "tool" and self.scene.name in ("tool", "plan", "trust", "pilot")):
            if not self.introduced:
                self.introduced = True
                return self.name
            near = key == "it" and self.mentioned and self.rng.random() < 0.6
            return "it" if near else f"the {self.plain}"
        if key[0] in "sbg" and key[1:].isdigit():
            step = self.drawn[int(key[1:]) - 1]
            return third(step) if key[0] == "s" else gerund(step) if key[0] == "g" else step
        plain: dict[str, Callable[[], str]] = {
            "tool": lambda: self.figures.of("the workflow|a rule|the system"),
            "item": lambda: process.item,
            "items": lambda: plural(process.item),
            "a_item": lambda: article(process.item),
            "people": lambda: process.people,
            "process": lambda: process.name,
            "metric": lambda: process.metric,
            "slow": lambda: self.slow[0],
            "slow2": lambda: self.slow[1],
            "chore": lambda: self.chores[0],
            "chore2": lambda: self.chores[1],
            "choring": lambda: gerund(self.chores[0]),
            "name": lambda: self.name,
            "firm": lambda: self.firm,
            "firm_short": lambda: self.firm_short,
            "n15": lambda: self.figures.of("10|15|20|25|30"),
            "n3": lambda: str(self.rng.randrange(2, 10)),
            "n20": lambda: str(self.rng.randrange(10, 95, 5)),
            "date": lambda: self.figures.day(after=self.rng.randrange(4, 28) * self.scene.side),
            "phone": lambda: f"555-01{self.rng.randrange(10, 99)}",
        }
        return plain[key]()

    def say(self, pattern: str, starts: bool = True, **given: str) -> str:
        """The pattern with its slots filled, capital letters where a sentence starts."""
        self.drawn = [self.steps[i] for i in sorted(self.rng.sample(range(len(self.steps)), 3))]

        def fill(match: re.Match[str]) -> str:
            text = given.get(match[1]) or self.slot(match[1])
            before = pattern[: match.start()]
            return upper(text) if starts and (not before or before.endswith(". ")) else text

        said = re.sub(r"\{(\w+)\}", fill, pattern).replace("..", ".")
        self.mentioned = self.introduced and any(part in pattern for part in ("{it}", "{tool}"))
        return said

    def facts(self) -> list[Fact]:
        """The lead fact, then the rest in the order in which the copy says them."""
        low, high = FACTS[self.channel]
        count = self.rng.randint(low, high)
        lead = self.rng.choice(self.scene.lead)
        rest = [kind for kind in self.scene.needs if kind != lead]
        more = [kind for kind in dict.fromkeys(self.scene.other) if kind != lead and kind not in rest]
        kinds = [lead, *rest, *self.rng.sample(more, min(len(more), max(0, count - 1 - len(rest))))]
        return [self.figures.make(kind) for kind in kinds]

    def sentence(self, options: tuple[str, ...]) -> str:
        pattern = self.usage.pick(self.rng, [option for option in options if option not in self.used])
        self.used.add(pattern)
        self.slow, self.chores = self.slow[1:] + self.slow[:1], self.chores[1:] + self.chores[:1]
        return self.say(pattern)

    def state(self, group: list[Fact], first: bool = False) -> str:
        """One or several facts in words: a sentence each, or a line of fragments."""
        if len(group) > 1 and all(phrases.SAYINGS[fact.kind].alone for fact in group) and self.rng.random() < 0.35:
            stops = self.rng.random() < 0.5
            return upper((". " if stops else ", ").join(upper(f.value) if stops else f.value for f in group)) + "."
        said = []
        for fact in group:
            options = phrases.SAYINGS[fact.kind].says
            if first:
                options = tuple(option for option in options if not option.startswith("~"))
            if self.scene.name in ("case", "pilot", "report"):
                options = tuple(option for option in options if "You" not in option and "Teams" not in option)
            said.append(self.say(self.usage.pick(self.rng, options).removeprefix("~"), v=fact.value))
        return " ".join(said)

    def subject(self, lead: Fact) -> str:
        value, metric = lead.value, upper(self.process.metric)
        if lead.kind == "fromto":
            return f"Subject: {metric} {value}"
        if not phrases.SAYINGS[lead.kind].alone:
            return (
                f"Subject: {upper(self.name)} {value}"
                if lead.kind in ("cut", "minutes")
                else f"Subject: {upper(value)}"
            )
        options = [upper(value), f"{upper(self.process.name)}: {value}", f"{upper(self.name)}: {value}"]
        if lead.kind in ("saved", "drop"):
            options += [f"{upper(value)}, and the cause", f"{upper(value)}, step by step"]
        return "Subject: " + self.rng.choice(options)

    def row(self) -> dict[str, Any] | None:
        """The pair, or None if this draw came out too long, too short or without the name of its subject."""
        rng, scene = self.rng, self.scene
        topic = self.say(rng.choice(scene.topics), starts=False)
        facts = self.facts()
        call = "" if rng.random() < 0.06 else self.say(self.usage.pick(rng, phrases.CALLS[scene.calls]))
        shape = rng.choice(SHAPES[self.channel]).split()
        gaps = shape.count("F")
        if "L" not in shape or (gaps == 0 and len(facts) > 1):
            return None
        groups: list[list[Fact]] = [[] for _ in range(gaps)]
        for index, fact in enumerate(facts[1:]):
            groups[index * gaps // max(1, len(facts) - 1)].append(fact)
        lines: list[str] = []
        line: list[str] = []
        for part in shape:
            text = ""
            if part == "/":
                lines.append(" ".join(filter(None, line)))
                line = []
            elif part == "S":
                text = self.subject(facts[0])
            elif part == "L":
                text = self.state([facts[0]], first=not any(lines + line))
            elif part == "F":
                text = self.state(groups.pop(0))
            elif part == "C" and call:
                figures = scene.calls in ("demo", "get")
                options = phrases.FIGURE_CALL_SAYS if figures else phrases.CALL_SAYS
                pattern = "{c}." if rng.random() < 0.45 else self.usage.pick(rng, options)
                text = self.say(pattern, c=call, l=call[0].lower() + call[1:])
            elif part == "P":
                text = self.sentence(phrases.PROBLEM)
            elif part in "WB":
                text = self.sentence(scene.body)
            elif part == "K":
                in_a_room = scene.name in ("meeting", "event")
                text = self.sentence(phrases.MEETING_CLOSE if in_a_room else phrases.CLOSE)
            line.append(text)
        lines.append(" ".join(filter(None, line)))
        output = "\n".join(filter(None, lines)).replace("..", ".")
        low, high = LENGTHS[self.channel]
        if not self.introduced or not low <= count_words(output) <= high:
            return None
        asked = facts[:]
        rng.shuffle(asked)
        return {
            "channel": self.channel,
            "topic": topic,
            "facts": [self.label(fact) for fact in asked],
            "audience": "" if rng.random() < 0.1 else self.figures.of(self.process.audiences),
            "call_to_action": call,
            "output": output,
            "made": "grammar",
        }

    def label(self, fact: Fact) -> str:
        labels = phrases.SAYINGS[fact.kind].labels
        if fact.kind == "fromto":
            return f"{upper(self.process.metric)}: {fact.value}"
        if fact.kind == "free" or (labels and self.rng.random() < 0.55):
            return f"{self.figures.of(labels)}: {fact.value}"
        return fact.value


def usage_process(rng: random.Random, usage: Usage) -> words.Process:
    name = usage.pick(rng, [process.name for process in words.PROCESSES])
    return next(process for process in words.PROCESSES if process.name == name)


def pairs(count: int, seed: int) -> list[dict[str, Any]]:
    """`count` pairs, channels in turn. No name twice, no two outputs alike, no opener in more than 2 %."""
    rng, usage = random.Random(seed), Usage()
    taken: set[str] = set()
    openers: Counter[str] = Counter()
    index: dict[tuple[str, ...], list[int]] = {}
    sizes: list[int] = []
    rows: list[dict[str, Any]] = []
    scene, tries = SCENES[0], 0
    while len(rows) < count:
        if tries % 60 == 0:
            scene = rng.choices(SCENES, [scene.weight for scene in SCENES])[0]
        tries += 1
        writer = Writer(rng, usage, taken, CHANNELS[len(rows) % len(CHANNELS)], scene)
        row = writer.row()
        if row is None:
            continue
        opener = " ".join(row["output"].lower().removeprefix("subject: ").split()[:3])
        if openers[opener] >= max(1, count // 50):
            continue
        own = shingles(row["output"])
        common = Counter(other for shingle in own for other in index.get(shingle, ()))
        if any(both / (len(own) + sizes[other] - both) > SHARED for other, both in common.items()):
            continue
        for shingle in own:
            index.setdefault(shingle, []).append(len(rows))
        sizes.append(len(own))
        openers[opener] += 1
        taken.add(writer.name)
        rows.append(row | {"facts": in_order(row["facts"], row["output"])})
        tries = 0
    return rows


def build(written: Path) -> list[dict[str, Any]]:
    """All rows of workflow.jsonl: what was written by hand, then the grammar's."""
    by_hand = [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()]
    return by_hand + pairs(ROWS - len(by_hand), SEED)


if __name__ == "__main__":
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in build(HERE / "workflow_written.jsonl"))
    (HERE / "workflow.jsonl").write_text("".join(lines), encoding="utf-8")
