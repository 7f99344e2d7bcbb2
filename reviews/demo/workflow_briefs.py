"""What the workflow-automation demo client writes about: occasions, facts and figures.

`workflow_grammar` turns each into copy.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from reviews.demo import workflow_phrases as phrases
from reviews.demo import workflow_words as words

_DOUBLED = {"set", "flag", "map", "split", "stop", "plan", "log", "put", "get", "tag", "drop", "run"}


def third(phrase: str) -> str:
    """'match the line' -> 'matches the line'."""
    verb, _, rest = phrase.partition(" ")
    if verb.endswith(("s", "x", "ch", "sh", "z", "o")):
        verb += "es"
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        verb = verb[:-1] + "ies"
    else:
        verb += "s"
    return f"{verb} {rest}".strip()


def gerund(phrase: str) -> str:
    """'match the line' -> 'matching the line'."""
    verb, _, rest = phrase.partition(" ")
    if verb in _DOUBLED:
        verb += verb[-1]
    elif verb.endswith("e") and not verb.endswith("ee"):
        verb = verb[:-1]
    return f"{verb}ing {rest}".strip()


def plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


def article(noun: str) -> str:
    return ("an " if noun[0].lower() in "aeio" else "a ") + noun


def upper(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Fact:
    kind: str
    value: str


class Figures:
    """Random figures, dates, people and places, in the number style of the guidelines."""

    def __init__(self, rng: random.Random, process: words.Process) -> None:
        self.rng = rng
        self.item = process.item
        self.items = plural(process.item)
        self.metric = process.metric
        self.city = self.of(words.CITIES)
        self.fixed: date | None = None

    def of(self, text: str) -> str:
        return self.rng.choice(text.split("|"))

    def person(self) -> str:
        first, last = self.of(words.FIRST_NAMES), self.of(words.LAST_NAMES)
        return f"{first} {last}, {self.of(words.ROLES)}"

    def day(self, clock: bool = False, after: int = 0) -> str:
        """A working day in the style of the house: 'March 14', 'Thursday, May 8 at 10 a.m.'

        `after` days after the one that the brief names already, if it names one; else a day of its own.
        """
        if after and self.fixed:
            day = self.fixed + timedelta(days=after)
        else:
            day = date(2026, 1, 26) + timedelta(days=self.rng.randrange(290))
        while day.weekday() > 4:
            day += timedelta(days=1 if after >= 0 else -1)
        if not after:
            self.fixed = day
        text = f"{day:%B} {day.day}"
        if clock or self.rng.random() < 0.4:
            text = f"{day:%A}, {text}"
        if clock and self.rng.random() < 0.7:
            text += " at " + self.of(
                "10 a.m.|9 a.m.|2 p.m.|1:30 p.m.|11 a.m.|3 p.m.|noon|8:30 a.m.|4:15 p.m.|10:45 a.m."
            )
        return text

    def money(self, low: int, high: int, step: int) -> str:
        return f"${self.rng.randrange(low, high, step):,}"

    def price(self) -> str:
        rng = self.rng
        return rng.choice(
            [
                f"${rng.randrange(6, 96)} per user per month",
                f"{self.money(180, 2950, 10)} a month",
                f"${(rng.randrange(5, 240) | 1) / 100:.2f} per {self.item}",
                f"{self.money(2400, 38000, 100)} a year",
                f"{self.money(240, 1900, 20)} a month for {rng.randrange(10, 90, 5)} users",
            ]
        )

    def share(self, low: int, high: int) -> str:
        return f"{self.rng.randrange(low, high)}%"

    def fall(self) -> str:
        rng = self.rng
        if rng.random() < 0.5:
            after = rng.randrange(2, 9)
            return f"from {after + rng.randrange(3, 26)} days to {after}"
        if rng.random() < 0.5:
            return f"from {rng.randrange(3, 15)} days to {rng.randrange(2, 22)} hours"
        after = rng.randrange(3, 30)
        return f"from {after + rng.randrange(12, 70)} minutes to {after}"

    def make(self, kind: str) -> Fact:
        rng, n = self.rng, self.rng.randrange
        values: dict[str, Callable[[], str]] = {
            "saved": lambda: rng.choice(
                [
                    f"{n(3, 48)} hours saved per week",
                    f"{n(4, 55)} minutes saved per {self.item}",
                    f"{n(210, 4800, 10):,} hours saved per year",
                    f"{n(12, 190)} hours a month given back",
                    f"{self.money(14000, 480000, 1000)} saved in a year",
                    f"{n(2, 9)} hours saved per user per week",
                ]
            ),
            "cut": lambda: rng.choice(
                [
                    f"cuts {self.metric} by {self.share(21, 84)}",
                    f"brings {self.metric} down to {n(2, 30)} hours",
                    f"removes {n(3, 12)} handoffs per {self.item}",
                    f"clears the backlog in {n(4, 29)} days",
                    f"handles {self.share(61, 97)} of {self.items} without a person",
                    f"moves {article(self.item)} along in {n(2, 58)} minutes",
                ]
            ),
            "drop": lambda: rng.choice(
                [
                    f"{self.metric} down {self.share(18, 83)}",
                    f"{self.share(18, 83)} less {self.metric}",
                    f"rework down {self.share(20, 75)}",
                    f"overdue {self.items} down {self.share(25, 92)}",
                    f"cost per {self.item} down {self.share(14, 66)}",
                    f"{n(3, 9)} times fewer open {self.items}",
                ]
            ),
            "fromto": self.fall,
            "auto": lambda: rng.choice(
                [
                    f"{self.share(58, 97)} of {self.items} need no touch",
                    f"{self.share(58, 97)} of {self.items} finish the same day",
                    f"{self.share(51, 96)} of {self.items} are right the first time",
                ]
            ),
            "errors": lambda: rng.choice(
                [
                    f"error rate from {n(21, 79) / 10}% to 0.{n(1, 9)}%",
                    f"{self.share(96, 100)} of {self.items} complete",
                    f"{n(2, 19)} errors per 10,000 {self.items}",
                ]
            ),
            "payback": lambda: f"payback in {n(2, 15)} months",
            "golive": lambda: f"live in {rng.choice([f'{n(3, 30)} days', f'{n(2, 13)} weeks'])}",
            "price": self.price,
            "fee": lambda: f"{self.money(40, 620, 5)} per {self.of('person|seat|ticket')}",
            "free": lambda: "free",
            "trial": lambda: f"{self.of('14|21|30|45|60|90')}-day {self.of('trial|test|trial workspace')}",
            "works": lambda: " and ".join(rng.sample(words.SYSTEMS.split("|"), 2)),
            "volume": lambda: f"{n(9, 400) * 100:,} {self.items} a {self.of('month|month|week|quarter')}",
            "launch": self.day,
            "effective": self.day,
            "when": lambda: self.day(clock=True),
            "where": lambda: rng.choice(
                [
                    f"{self.of(words.VENUES)}, {self.city}",
                    f"the {self.city} office",
                    f"{n(12, 960)} {self.of(words.STREETS)}, {self.city}",
                    self.of(words.VENUES),
                ]
            ),
            "seats": lambda: f"{n(8, 90)} {self.of('seats|places|chairs')}",
            "speaker": self.person,
            "length": lambda: f"{self.of('25|30|35|40|45|50|55|75|90')} minutes",
            "survey": lambda: (
                f"{n(110, 1900):,} {self.of('companies|finance teams|departments|sites')} "
                + self.of("surveyed|measured|compared")
            ),
            "pages": lambda: f"{n(6, 64)} pages",
            "mapped": lambda: f"{n(14, 190)} fields mapped",
            "sync": lambda: f"sync every {n(2, 60)} {self.of('minutes|seconds|minutes')}",
            "setup": lambda: f"connected in {n(8, 75)} minutes",
            "speed": lambda: rng.choice(
                [
                    f"lists load in 0.{n(2, 9)} seconds",
                    f"search is {n(2, 14)} times faster",
                    f"reports open {self.share(30, 85)} faster",
                    f"{n(2, 9)} fewer clicks per {self.item}",
                ]
            ),
            "changes": lambda: f"{n(5, 48)} changes",
            "retention": lambda: f"logs kept for {rng.choice([f'{n(2, 11)} years', f'{n(12, 90, 6)} months'])}",
            "uptime": lambda: f"99.{n(90, 100)}% uptime",
            "controls": lambda: f"{n(48, 320)} controls tested",
            "hours": lambda: f"{n(5, 9)} a.m. to {n(5, 11)} p.m. {self.of('Central|Eastern|Pacific|Mountain')}",
            "reply": lambda: f"first reply in {n(3, 58)} minutes",
            "address": lambda: f"{n(12, 990)} {self.of(words.STREETS)}",
            "staff": lambda: f"{n(9, 70)} {self.of('engineers|people|analysts|specialists')}",
            "steps": lambda: f"{n(9, 60)} {self.of('steps|lines|questions|checks')}",
            "minutes": lambda: f"takes {n(4, 50)} minutes",
            "includes": lambda: f"{n(2, 25)} {self.of('workflows|queues|connectors|forms')} included",
            "discount": lambda: f"{self.share(6, 25)} less on a {self.of('two-year|three-year|yearly')} term",
            "weeks": lambda: f"{n(3, 17)} weeks",
            "size": lambda: f"{n(3, 90)} {self.of('sites|plants|branches|locations|teams')}",
            "decision": self.day,
        }
        return Fact(kind, values[kind]())


@dataclass(frozen=True)
class Scene:
    """One occasion to write: how its topic is worded, which facts it can carry, which sentences fit."""

    name: str
    topics: tuple[str, ...]
    lead: tuple[str, ...]
    other: tuple[str, ...]
    body: tuple[str, ...]
    calls: str
    short: str
    weight: int = 1
    needs: tuple[str, ...] = ()

    @property
    def side(self) -> int:
        """-1 where a reader has to act before the date in the brief, 1 where after it."""
        return -1 if self.name in ("meeting", "event", "office", "pilot") else 1


RESULTS = ("saved", "cut", "drop", "fromto", "auto")
SCENES = (
    Scene(
        "tool",
        (
            "{name}",
            "{name}, our {process} workflow",
            "{name} for {people}",
            "{name}, {process} in one queue",
            "the launch of {name}",
            "what {name} does for {process}",
            "{name} and the end of {choring}",
            "{name}, which {s1}",
            "{name}, built to {b1}",
            "{name} for teams that {chore}",
        ),
        RESULTS,
        ("price", "golive", "payback", "errors", "trial", "volume", "works", "launch"),
        phrases.WORK,
        "demo",
        "",
        7,
    ),
    Scene(
        "plan",
        ("the price of {name}", "the new plan for {name}", "{name} and what it costs", "a lower price for {name}"),
        ("price",),
        ("includes", "effective", "discount", "payback", "trial", "saved", "golive"),
        phrases.WORK,
        "demo",
        "",
    ),
    Scene(
        "meeting",
        (
            "{name}, our webinar on {process}",
            "{name}, a live session for {people}",
            "our webinar {name}",
            "{name} on {metric}",
            "{name}, a session about {choring}",
        ),
        ("when",),
        ("length", "speaker", "seats", "free"),
        phrases.MEETING,
        "join",
        "session|webinar",
        2,
    ),
    Scene(
        "event",
        (
            "{name} in person",
            "{name}, a workshop on {process}",
            "{name}, a meeting for {people}",
            "{name}, a working session on {metric}",
        ),
        ("when", "seats"),
        ("where", "fee", "speaker"),
        phrases.MEETING,
        "join",
        "workshop|meeting",
        2,
        ("where", "when"),
    ),
    Scene(
        "case",
        (
            "a case study with {firm}",
            "how {firm_short} changed {process}",
            "a customer story: {firm}",
            "{firm} and {process}",
            "what {firm_short} did about {choring}",
        ),
        RESULTS,
        ("golive", "payback", "size", "volume", "errors"),
        phrases.CASES + phrases.WORK[:9],
        "get",
        "company|team",
        2,
    ),
    Scene(
        "report",
        ("{name}", "{name} on {process}", "{name}, our yearly figures on {metric}", "the new edition of {name}"),
        ("auto", "survey", "drop"),
        ("survey", "pages", "launch", "free"),
        phrases.STUDY,
        "get",
        "report",
        1,
        ("survey",),
    ),
    Scene(
        "connector",
        (
            "{name}",
            "{name} for {process}",
            "{name}, for {people} with both systems open",
            "our link to your books: {name}",
        ),
        ("setup", "mapped", "sync"),
        ("price", "launch", "sync", "mapped", "trial", "saved"),
        phrases.CONNECT,
        "act",
        "connector",
    ),
    Scene(
        "release",
        ("{name}", "what is new in {name}", "{name}, with changes for {people}", "the move to {name}"),
        ("speed", "changes"),
        ("launch", "changes", "free", "saved"),
        phrases.RELEASE,
        "act",
        "release",
        1,
        ("launch",),
    ),
    Scene(
        "trust",
        ("the audit log of {name}", "security in {name}", "{name} and the auditors", "how {name} keeps its records"),
        ("retention", "uptime", "controls"),
        ("uptime", "controls", "retention", "price"),
        phrases.TRUST + phrases.WORK[:6],
        "act",
        "",
    ),
    Scene(
        "service",
        ("{name}, our support for {process}", "{name}, help by phone for {people}", "longer hours at {name}"),
        ("reply", "hours"),
        ("hours", "reply", "golive", "price", "effective"),
        phrases.SERVICE,
        "act",
        "desk|line",
        1,
        ("hours",),
    ),
    Scene(
        "office",
        ("{name}", "the opening of {name}", "{name} and its support floor"),
        ("staff", "launch"),
        ("address", "launch", "staff", "hours"),
        phrases.OFFICE,
        "join",
        "office",
        1,
        ("address",),
    ),
    Scene(
        "template",
        ("{name}, free to use", "{name} for {people}", "{name}, a sheet for {process}", "{name}"),
        ("steps", "minutes"),
        ("minutes", "free", "pages", "saved", "steps"),
        phrases.TEMPLATE,
        "get",
        "sheet",
    ),
    Scene(
        "pilot",
        (
            "the pilot of {name} with {firm_short}",
            "{name} on trial at {firm_short}",
            "the test of {name} by {firm_short}",
        ),
        RESULTS,
        ("weeks", "size", "decision", "payback", "price"),
        phrases.PILOT,
        "demo",
        "",
        1,
        ("weeks",),
    ),
)
