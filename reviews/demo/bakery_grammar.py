"""Pairs for the demo bakery, made from this project's own phrases.

`pairs(count, seed)` is deterministic: the same count and seed give the same rows. To rebuild
`bakery.jsonl` (the rows written by hand, then the rows made here):

    python -m reviews.demo.bakery_grammar
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from reviews.demo import bakery_openers as openings
from reviews.demo import bakery_phrases as phrases
from reviews.demo import bakery_words as vocabulary
from reviews.demo.bakery_briefs import Fact, Inventor, Scene, sentence_case
from reviews.demo.order import fact_value, in_order
from training.corpus.brief import Brief

HERE = Path(__file__).parent
ROWS = 680
SEED = 14
LENGTHS = {"ad": (12, 30), "social": (20, 45), "email": (40, 80), "blog": (60, 105)}
"""Channel -> fewest and most words."""
FACT_COUNTS = {"ad": (1, 3), "social": (1, 4), "email": (2, 5), "blog": (2, 5)}
SAME_OPENER = 6
"""How many outputs may share their first three words."""
SAME_WORDING = 0.2
"""Largest Jaccard similarity of two outputs' five-word shingles."""

OPENERS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "item": (openings.ITEM_SHORT, openings.ITEM_LONG),
    "box": (openings.BOX_SHORT, openings.BOX_LONG),
    "class": (openings.CLASS_SHORT, openings.CLASS_LONG),
    "outing": (openings.OUTING_SHORT, openings.OUTING_LONG),
}
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_LAST = ("does", "plain", "order")
_SLOT = re.compile(r"\{(\^?)(\w+)\}")


def word_count(text: str) -> int:
    return sum(any(letter.isalnum() for letter in word) for word in text.split())


def opener(text: str) -> str:
    """The first three words, case and punctuation aside; "Subject:" is not counted."""
    return " ".join(re.findall(r"[\w£']+", text.casefold().removeprefix("subject:"))[:3])


def shingles(text: str) -> frozenset[str]:
    """Runs of five words, case and punctuation aside."""
    found = re.findall(r"[\w£']+", text.casefold())
    return frozenset(" ".join(found[at : at + 5]) for at in range(len(found) - 4))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard similarity, 0 to 1."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


class Writer:
    """Writes the copy for invented briefs."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.invent = Inventor(self.rng)

    def likely(self, chance: float) -> bool:
        return self.rng.random() < chance

    def fill(self, template: str, slots: dict[str, str]) -> str:
        """Settle each `[choice|of this]`, innermost first, then fill the slots."""
        while _CHOICE.search(template):
            template = _CHOICE.sub(lambda found: self.rng.choice(found[1].split("|")), template, count=1)

        def value(found: re.Match[str]) -> str:
            return sentence_case(slots[found[2]]) if found[1] else slots[found[2]]

        return sentence_case(_SLOT.sub(value, template))

    def line(self, name: str, entries: Sequence[str], slots: dict[str, str]) -> str:
        return self.fill(self.invent.draw(name, entries), slots)

    # --- parts of a text ---------------------------------------------------------------------------

    def one_fact(self, scene: Scene, fact: Fact) -> str:
        own = f"{scene.kind}_{fact.kind}"
        pool = own if own in phrases.FACTS else fact.kind
        slots = scene.names() | {fact.kind: fact.phrase, "place": fact.bare}
        if fact.kind == "occasion":
            slots["occasion"] = fact.bare
        return self.line(pool, phrases.FACTS[pool], slots)

    def facts(self, scene: Scene, facts: list[Fact], terse: bool) -> list[str]:
        """The facts as sentences, two or three of them in one now and then, mostly where words are few."""
        left = self.rng.sample(facts, len(facts))
        joined = [fact for fact in left if fact.kind not in ("occasion", "diet")][:3]
        said = []
        if len(joined) > 1 and self.likely(0.8 if terse else 0.5):
            # "Keeps for a week" and "order by Friday" end a list; a price, a day or a place begins it.
            listed = sorted(joined, key=lambda fact: _LAST.index(fact.kind) if fact.kind in _LAST else -1)
            text = ", ".join(fact.phrase for fact in listed)
            if terse and self.likely(0.5):
                said.append(f"{sentence_case(text)}.")
            else:
                said.append(self.line("carrier", phrases.CARRIERS, {"facts": text}))
            left = [fact for fact in left if fact not in joined]
        said += [self.one_fact(scene, fact) for fact in left]
        self.rng.shuffle(said)
        return said

    def colour(self, scene: Scene) -> str:
        pool = "item" if scene.kind == "item" and self.likely(0.5) else scene.family
        return self.line(f"colour {pool}", phrases.COLOUR[pool], scene.names())

    def punch(self, scene: Scene) -> str:
        if scene.kind == "item" and self.likely(0.4):
            return self.line("item punch", phrases.ITEM_PUNCHES, {})
        return self.line("punch", phrases.PUNCHES, {})

    def ask(self, call: str) -> str:
        """The call to action in our own words; without one, a friendly last line."""
        if not call:
            return self.line("closer", phrases.CLOSERS, {})
        return self.line("ask", phrases.ASKS, {"call": call, "lcall": call[:1].lower() + call[1:]})

    def turn(self, audience: str) -> str:
        """A sentence that looks the audience in the eye."""
        return self.fill(self.rng.choice(vocabulary.AUDIENCES[audience]), {})

    def wink(self, told: list[str], said: list[str]) -> None:
        """An aside in brackets after one line of colour, or else of facts (never on allergens)."""
        name, pool, into = ("wink", phrases.WINKS, told) if told else ("fact wink", phrases.FACT_WINKS, said)
        free = [at for at, text in enumerate(into) if text.endswith(".") and "(" not in text]
        free = [at for at in free if "ontains" not in into[at]]
        if free:
            at = self.rng.choice(free)
            into[at] = f"{into[at][:-1]} {self.line(name, pool, {})}."

    # --- the four channels -------------------------------------------------------------------------

    def copy(self, channel: str, scene: Scene, facts: list[Fact], audience: str, call: str) -> str:
        short, long = OPENERS[scene.kind]
        brief_opener = channel == "ad" or (channel == "social" and self.likely(0.7))
        kind = f"{scene.kind} {'short' if brief_opener else 'long'}"
        first = [self.line(kind, short if brief_opener else long, scene.names())]
        if audience and channel != "ad" and self.likely(0.45):
            turn = self.turn(audience)
            about_it = re.search(r"\b[Ii]t(?:'\w+)?\b", turn)  # "it" must have been named before
            first.insert(1 if about_it or self.likely(0.4) else 0, turn)
        fewest, most = {"ad": (0, 0), "social": (0, 1), "email": (1, 2), "blog": (2, 3)}[channel]
        told = [self.colour(scene) for _ in range(self.rng.randint(fewest, most))]
        said = self.facts(scene, facts, terse=channel in ("ad", "social"))
        if self.likely(0.35 if channel == "ad" else 0.7):
            self.wink(told, said)
        if self.likely(0.25 if channel == "ad" else 0.45):
            punched = told or said
            punched.insert(self.rng.randint(1, len(punched)), self.punch(scene))
        cut = self.rng.randint(0, len(told))
        middle = [*told[:cut], *said, *told[cut:]]
        last = [f"{call}." if call and channel == "ad" and self.likely(0.4) else self.ask(call)]
        if channel == "blog":
            return self.paragraphs(first, middle, last)
        text = " ".join([*first, *middle, *last])
        if channel == "social" and self.likely(0.4):
            text += f" {self.rng.choice(vocabulary.EMOJI[scene.family])}"
        if channel == "email" and self.likely(0.6):
            text = f"Subject: {self.line('subject', openings.SUBJECTS, scene.names())}\n\n{text}"
        return text

    def paragraphs(self, first: list[str], middle: list[str], last: list[str]) -> str:
        cut = self.rng.randint(1, max(1, len(middle) - 1))
        blocks = [[*first, *middle[:cut]], middle[cut:], last]
        if self.likely(0.5) or not blocks[1]:
            blocks = [blocks[0], [*blocks[1], *blocks[2]]]
        return "\n\n".join(" ".join(block) for block in blocks)

    def row(self, channel: str, count: int, scene: Scene | None = None) -> dict[str, Any]:
        """A brief with `count` facts and copy for it, which may still break a rule (see `fits`)."""
        scene = scene or self.invent.scene()
        facts = self.rng.sample(scene.facts, min(len(scene.facts), count))
        audience = "" if self.likely(0.12) else self.invent.draw("audience", tuple(vocabulary.AUDIENCES))
        calls = vocabulary.CALLS[scene.kind]
        call = "" if self.likely(0.12) else self.invent.draw(f"call {scene.kind}", calls)
        output = self.copy(channel, scene, facts, audience, call)
        if scene.gloss:
            # "Meet Grumpy Bishop." -> "Meet Grumpy Bishop, a caraway loaf.": only where a clause ends.
            output = re.sub(rf"\b{scene.name}(?=[.:;?])", f"{scene.name}, {scene.gloss}", output, count=1)
        return {
            "channel": channel,
            "topic": scene.topic,
            "facts": [fact.brief for fact in facts],
            "audience": audience,
            "call_to_action": call,
            "output": output,
            "made": "grammar",
            "must": scene.gloss or scene.name,
        }


def fits(row: dict[str, Any]) -> bool:
    """Whether the copy has the channel's length, the product's name and each fact, word for word."""
    fewest, most = LENGTHS[row["channel"]]
    said = row["output"].casefold()
    wanted = [row["must"], *(fact_value(fact) for fact in row["facts"])]
    return fewest <= word_count(said) <= most and all(value.casefold() in said for value in wanted)


def pairs(count: int, seed: int, beside: Iterable[str] = ()) -> list[dict[str, Any]]:
    """`count` rows, channels in turn, none reading like another or like the texts in `beside`.

    Raises `ValueError` if the phrases are too few for that many.
    """
    writer = Writer(seed)
    rows: list[dict[str, Any]] = []
    openers = Counter(opener(text) for text in beside)
    seen: dict[str, list[frozenset[str]]] = {}  # a shingle -> the texts that hold it
    digests: set[str] = set()
    for text in beside:
        _remember(shingles(text), seen)
    for _ in range(count * 200):
        if len(rows) == count:
            return rows
        # Channels and numbers of facts take turns; else the length limits would favour few facts.
        turn, channel = divmod(len(rows), len(LENGTHS))
        fewest, most = FACT_COUNTS[tuple(LENGTHS)[channel]]
        row = writer.row(tuple(LENGTHS)[channel], fewest + turn % (most - fewest + 1))
        if not fits(row) or openers[opener(row["output"])] >= SAME_OPENER:
            continue
        row["facts"] = in_order(row["facts"], row["output"])
        found = shingles(row["output"])
        near = {text for part in found for text in seen.get(part, ())}
        digest = Brief.from_dict(row).digest()
        if digest in digests or any(likeness(found, text) > SAME_WORDING for text in near):
            continue
        digests.add(digest)
        openers[opener(row["output"])] += 1
        _remember(found, seen)
        del row["must"]
        rows.append(row)
    if len(rows) == count:
        return rows
    raise ValueError(f"Only {len(rows)} of {count} pairs differ enough; add phrases or ask for fewer.")


def _remember(found: frozenset[str], seen: dict[str, list[frozenset[str]]]) -> None:
    for part in found:
        seen.setdefault(part, []).append(found)


def read_written() -> list[dict[str, Any]]:
    """The rows written by hand."""
    with open(HERE / "bakery_written.jsonl", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def build() -> str:
    """The text of `bakery.jsonl`."""
    written = read_written()
    rows = written + pairs(ROWS - len(written), SEED, [row["output"] for row in written])
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


if __name__ == "__main__":
    (HERE / "bakery.jsonl").write_text(build(), encoding="utf-8")
