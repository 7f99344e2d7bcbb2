"""Invented briefs for the demo bakery: what a pair is about, and the facts that its copy must carry."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from reviews.demo import bakery_words as vocabulary

BIG = (
    "sponge",
    "traybake",
    "cheesecake",
    "roulade",
    "drizzle cake",
    "cake",
    "loaf cake",
    "pudding",
    "pie",
    "quiche",
)
"""Nouns that feed a table and are priced to match."""

ALLERGENS = {
    "rye": ("rye",),
    "barley": ("barley", "malt", "stout", "ale", "beer"),
    "oats": ("oat", "porridge", "flapjack"),
    "nuts": ("walnut", "almond", "pistachio", "hazelnut"),
    "mustard": ("mustard", "piccalilli"),
    "sesame": ("sesame",),
    "celery": ("celeriac",),
    "fish": ("haddock",),
}
"""Allergen -> words in a bake's name or ingredients that bring it; wheat, milk and egg come by default."""


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def a_or_an(noun: str) -> str:
    return f"{'an' if noun[0].lower() in 'aeioué' else 'a'} {noun}"


def pounds(pence: int) -> str:
    whole, rest = divmod(pence, 100)
    return f"£{whole}.{rest:02d}" if whole and rest else f"£{whole}" if whole else f"{pence}p"


@dataclass(frozen=True)
class Fact:
    """One fact: `brief` is how the brief words it, `phrase` how the copy uses it (both hold the value)."""

    kind: str
    brief: str
    phrase: str
    bare: str = ""
    """The phrase without its preposition, where a sentence may want that ("27 Lark Row")."""


@dataclass
class Scene:
    """What one pair is about: an item, a box, a class or an outing."""

    kind: str
    family: str
    topic: str
    name: str
    noun: str
    gloss: str = ""
    """What a pet name stands for; the copy must say it after the name."""
    facts: list[Fact] = field(default_factory=list)

    def names(self) -> dict[str, str]:
        """The product's name with each article that it may take."""
        if self.gloss or self.kind == "outing":
            return dict.fromkeys(("the", "our", "a", "full"), self.name) | {"noun": self.noun}
        ours = "our new" if self.topic.startswith("our new ") else "our"
        return {
            "the": f"the {self.name}",
            "our": f"{ours} {self.name}",
            "a": a_or_an(self.name),
            "full": self.name,
            "noun": self.noun,
        }


class Inventor:
    """Draws scenes from a seeded random stream; a list is used up before any entry comes round again."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.left: dict[str, list[str]] = {}

    def draw(self, name: str, entries: Sequence[str]) -> str:
        if not self.left.get(name):
            self.left[name] = self.rng.sample(entries, len(entries))
        return self.left[name].pop()

    def pick(self, *entries: str) -> str:
        return self.rng.choice(entries)

    def scene(self) -> Scene:
        draw = self.rng.random()
        if draw < 0.62:
            return self.item()
        return self.box() if draw < 0.75 else self.lesson() if draw < 0.89 else self.outing()

    # --- the four kinds of scene -------------------------------------------------------------------

    def item(self) -> Scene:
        family = self.pick("loaf", "sweet", "sweet", "savoury")
        noun = self.rng.choice(vocabulary.NOUNS[family])
        plain = f"{self.draw(family, vocabulary.FLAVOURS[family])} {noun}"
        pet = f"{self.draw('first', vocabulary.PET_FIRST)} {self.draw('second', vocabulary.PET_SECOND)}"
        style = self.rng.random()
        if style < 0.3:
            gloss = a_or_an(plain)
            scene = Scene("item", family, f"{pet}, {gloss}", pet, noun, gloss)
        else:
            plain = plain if style < 0.85 else noun
            name = plain if style < 0.6 else f"{pet} {plain}"
            scene = Scene("item", family, self.lead() + name, name, noun)
        added = self.added(family)
        low, high = (750, 2400) if noun in BIG else (260, 690) if family == "loaf" and noun != "roll" else (160, 490)
        pence = self.rng.randrange(low, high, 5)
        scene.facts = [
            self.price(
                pounds(pence),
                self.pick("each", f"a {noun}", "to take away", f"or {pounds(pence * 5 // 50 * 50)} for six"),
            ),
            *self.dates("item"),
            self.where(),
            added,
            self.by(
                {"loaf": "kneaded", "sweet": "dreamt up", "savoury": "crimped"}[family] if style > 0.5 else "baked"
            ),
            self.amount(),
            self.use(family, noun) if self.rng.random() < 0.65 else self.contains(family, f"{plain} {added.phrase}"),
        ]
        if self.rng.random() < 0.2:
            occasion = self.draw("occasion", vocabulary.OCCASIONS)
            brief = self.pick(f"Occasion: {occasion}", f"for {occasion}")
            scene.facts.append(Fact("occasion", brief, f"for {occasion}", occasion))
        return scene

    def box(self) -> Scene:
        noun = self.draw("box", vocabulary.BOX_SECOND)
        name = f"{self.draw('box first', vocabulary.BOX_FIRST)} {noun}"
        scene = Scene("box", "box", self.lead() + name, name, noun)
        inside = ", ".join(self.rng.sample(vocabulary.BOX_INSIDE, self.rng.choice((1, 2))))
        inside += f" and {self.pick('a card', 'a paper hat', 'two mugs', 'a bag of cookies', 'a tea towel')}"
        scene.facts = [
            self.price(f"£{self.rng.randint(9, 48)}" + self.pick("", ".50"), self.pick("all in", "tied with string")),
            *self.dates("item"),
            self.where(),
            Fact("inside", self.pick(f"Inside: {inside}", f"Contents: {inside}", inside), inside),
            self.labelled("does", "feeds", self.rng.choice(vocabulary.SERVES)),
        ]
        return scene

    def lesson(self) -> Scene:
        first = self.draw("class first", vocabulary.CLASS_FIRST)
        noun = self.rng.choice(vocabulary.CLASS_LAST)
        name = f"{first} {self.draw('skill', vocabulary.SKILLS)} {noun}"
        scene = Scene("class", "class", self.lead() + name, name, noun)
        places = self.rng.randint(4, 16)
        room = self.pick(f"{places} places", f"only {places} places", f"{places} stools", f"just {places} aprons")
        scene.facts = [
            self.price(f"£{self.rng.randint(15, 60)}", self.pick("per person", "a head", "a place")),
            *self.dates("class", weekday={"Saturday": 5, "Sunday": 6}.get(first)),
            self.where(),
            self.by(self.pick("taught", "led", "run", "hosted")),
            Fact("qty", self.pick(room, f"Room for: {room}"), room),
            self.labelled("does", "includes", self.rng.choice(vocabulary.INCLUDES))
            if self.rng.random() < 0.6
            else self.labelled("does", "suits", self.rng.choice(vocabulary.SUITS)),
        ]
        return scene

    def outing(self) -> Scene:
        noun = self.pick("stall", "table", "pop-up", "bread van")
        name = f"our {noun} at the {self.draw('event', vocabulary.EVENTS)}"
        scene = Scene("outing", "outing", name, name, noun)
        bringing = " and ".join(self.rng.sample(vocabulary.BRINGING, 2))
        limit = pounds(self.rng.randrange(90, 480, 5))
        cost = self.pick(
            f"everything under {limit}", f"bakes from {limit}", f"buns from {limit}", f"nothing over {limit}"
        )
        scene.facts = [
            Fact(
                "bringing",
                self.pick(f"Bringing: {bringing}", f"On the table: {bringing}", bringing),
                bringing,
            ),
            *self.dates("outing", weekday=self.rng.choice((5, 6))),
            self.where(),
            Fact("plain", cost, cost),
            self.labelled("plain", "look for", self.draw("person", vocabulary.PEOPLE)),
        ]
        return scene

    # --- the facts ---------------------------------------------------------------------------------

    def lead(self) -> str:
        return self.pick("our new ", "our new ", "our ", "the ", "the ", "")

    def labelled(self, kind: str, verb: str, value: str) -> Fact:
        """The same fact as "Feeds: four" or as "feeds four"; the copy says "feeds four" to both."""
        return Fact(kind, self.pick(f"{sentence_case(verb)}: {value}", f"{verb} {value}"), f"{verb} {value}")

    def price(self, amount: str, unit: str) -> Fact:
        plain = self.pick(amount, f"{amount} {unit}", f"{amount} {unit}")
        label = f"{self.pick('Price', 'Price', 'Cost')}: {amount}"
        return Fact("price", label, amount) if self.rng.random() < 0.5 else Fact("price", plain, plain)

    def dates(self, kind: str, weekday: int | None = None) -> list[Fact]:
        """The day it happens (never a Monday) and, for what can be ordered, the day to order by."""
        day = date(2025, 1, 2) + timedelta(days=self.rng.randrange(720))
        while day.weekday() == 0 or weekday not in (None, day.weekday()):
            day += timedelta(days=1)
        style = self.pick("full", "full", "full", "short", "week" if weekday is None else "full")
        text = {"full": f"{day:%A} {day.day} {day:%B}", "short": f"{day.day} {day:%B}", "week": f"{day:%A}"}[style]
        start = "this" if style == "week" else "from" if kind == "item" and self.rng.random() < 0.35 else "on"
        if kind == "item" and style == "week" and self.rng.random() < 0.4:
            start = "every"
        if self.rng.random() < 0.4:
            text += (
                f", {self.rng.choice(vocabulary.SESSIONS)}"
                if kind == "class"
                else f" at {self.rng.choice(vocabulary.HOURS)}"
            )
        phrase = f"{start} {text}"
        label = (
            self.pick("When", "Date", "Day")
            if kind != "item"
            else self.pick("When", "On sale", "Out", "First bake", "Ready")
        )
        shown = text if start == "on" else phrase
        when = Fact("when", f"{label}: {shown}" if self.rng.random() < 0.5 else phrase, phrase)
        if kind != "item" or start == "every":
            return [when]
        before = day - timedelta(days=self.rng.randint(2, 4))
        limit = f"{before:%A}" if style == "week" else f"{before:%A} {before.day} {before:%B}"
        return [when, self.labelled("order", self.pick("order by", "pre-order by", "reserve by"), limit)]

    def where(self) -> Fact:
        street, number = self.draw("street", vocabulary.STREETS), self.rng.randint(2, 98)
        hall = self.draw("hall", vocabulary.HALLS)
        preposition, place = self.rng.choice(
            (
                ("at", f"{number} {street}"),
                ("on", street),
                ("at", hall),
                ("on", f"the corner of {street}"),
                ("at", f"the hatch at {number} {street}"),
                ("at", f"the gates of {hall}"),
                ("at", f"the old chapel on {street}"),
                ("at", f"the bench outside {number} {street}"),
                ("at", f"the back door of {number} {street}"),
            )
        )
        phrase = f"{preposition} {place}"
        label = self.pick("Where", "Place", "Find us", "Address")
        return Fact("where", self.pick(f"{label}: {place}", phrase), phrase, place)

    def added(self, family: str) -> Fact:
        verb = self.pick("made with", {"loaf": "made with", "sweet": "finished with", "savoury": "filled with"}[family])
        return self.labelled("added", verb, " and ".join(self.rng.sample(vocabulary.ADDED[family], 2)))

    def by(self, verb: str) -> Fact:
        return self.labelled("by", f"{verb} by", self.draw("person", vocabulary.PEOPLE))

    def amount(self) -> Fact:
        number = self.rng.randint(8, 96)
        text = self.pick(f"only {number} made", f"{number} a day", f"just {number} of them", f"{number} and no more")
        return Fact("qty", self.pick(text, text, f"How many: {text}"), text)

    def use(self, family: str, noun: str) -> Fact:
        big = noun in BIG or (family == "loaf" and noun != "roll")
        grams = self.rng.randrange(400, 990, 10) if big else self.rng.randrange(80, 190, 5)
        last = (
            ("serves", self.rng.choice(vocabulary.SERVES))
            if big
            else ("comes warm at", self.rng.choice(vocabulary.HOURS))
        )
        verb, value = self.rng.choice(
            (
                ("goes with", self.rng.choice(vocabulary.GOES_WITH[family])),
                ("keeps for", self.rng.choice(vocabulary.SPANS)),
                ("weighs", f"{grams} g"),
                last,
            )
        )
        return self.labelled("does", verb, value)

    def contains(self, family: str, text: str) -> Fact:
        """What the law wants said; plain words, and the copy makes no joke of it."""
        found = ["wheat"] if family == "loaf" else ["wheat", "milk", "egg"]
        found += [allergen for allergen, hints in ALLERGENS.items() if any(hint in text for hint in hints)]
        value = " and ".join((", ".join(found[:-1]), found[-1])) if len(found) > 1 else found[0]
        return self.labelled("diet", "contains", value)
