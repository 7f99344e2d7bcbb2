# ruff: noqa: E501, SIM905 - word lists and sentence patterns read best as long lines
"""Facts of a brief, each with the value that the copy must hold and the ways in which the copy may say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from training.starter import words as w
from training.starter.words import Names


@dataclass(frozen=True)
class Fact:
    """One line of a brief.

    `text` is the line; `values` are (kind, verbatim text) that the copy must hold; `predicates` continue the subject
    "it" ("costs £3.50"); `sentences` are whole sentences.
    """

    kind: str
    text: str
    values: tuple[tuple[str, str], ...]
    predicates: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()


def _one(rng: Random, *options: str) -> str:
    return rng.choice(options)


def money(rng: Random) -> str:
    """An amount in pounds, dollars or euros, with or without cents."""
    sign = rng.choice("££$$€")
    pick = rng.random()
    if pick < 0.35:
        return f"{sign}{rng.randint(1, 99)}.{rng.choice([rng.randint(0, 9) * 10, rng.randint(1, 99), 50, 99]):02d}"
    if pick < 0.8:
        return f"{sign}{rng.randint(1, 99)}"
    if pick < 0.93:
        return f"{sign}{rng.randint(100, 999)}"
    return f"{sign}{rng.randint(1, 9)},{rng.randint(0, 999):03d}"


def price(rng: Random, names: Names) -> Fact:
    """What it costs, often with a unit."""
    amount = money(rng)
    units = """each|per person|a month|per month|a year|a slice|a loaf|per seat|a night|per box|a week|per user|a kilo|
per pair|an hour|for two|for six|per bag|a bottle|per team|a set|a ticket|per user per month|a dozen""".replace(
        "\n", ""
    )
    tail = " " + rng.choice(units.split("|")) if rng.random() < 0.5 else ""
    lead = _one(rng, "", "", "", "", "from ", "only ", "just ")
    value = f"{lead}{amount}{tail}"
    label = _one(
        rng, "Price: ", "Price: ", "Cost: ", "price: ", "", "", "", "costs ", "Fee: ", "Tickets: ", "Priced at "
    )
    return Fact(
        "price", label + value, (("price", amount), ("unit", value)),
        (f"costs {value}", f"is priced at {value}" if not lead else f"costs {value}", f"is yours for {value}"),
        (f"The price is {value}.", f"The cost is {value}.", f"You pay {value}.", f"Price: {value}."),
    )  # fmt: skip


def clock(rng: Random) -> str:
    """A time of day in one of the usual styles."""
    hour, minute = rng.randint(1, 12), rng.choice([0, 15, 30, 45])
    half = rng.choice(["am", "pm"])
    return _one(
        rng, f"{hour} {half}", f"{hour} {half}", f"{hour}{half}", f"{hour}.{minute:02d} {half}", f"{hour}:{minute:02d}",
        f"{rng.randint(7, 22):02d}:{minute:02d}", f"{hour}:{minute:02d} {half}",
    )  # fmt: skip


def day_of_month(rng: Random) -> str:
    """A date without weekday: "14 March", "March 14", "3rd May 2026", "2026-05-03"."""
    day, month = rng.randint(1, 31), rng.choice(w.MONTHS)
    suffix = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    plain = [f"{day} {month}"] * 5 + [f"{month} {day}"] * 3 + [
        f"{day}{suffix} {month}", f"{month} {day}{suffix}", f"{day} {month} {rng.randint(2024, 2032)}",
        f"{month} {day}, {rng.randint(2024, 2032)}", f"{day} {month[:3]}", f"{day}/{rng.randint(1, 12)}/{rng.randint(2024, 2032)}",
        f"{rng.randint(2024, 2032)}-{rng.randint(1, 12):02d}-{day:02d}",
    ]  # fmt: skip
    return rng.choice(plain)


def date(rng: Random, names: Names) -> Fact:
    """When: weekday, date and time in many mixtures; each part is a value of its own kind."""
    values: list[tuple[str, str]] = []
    parts: list[str] = []
    pick = rng.random()
    plural = False
    if pick < 0.72:
        plural = pick < 0.1
        weekday = rng.choice(w.WEEKDAYS)
        values.append(("weekday", weekday))
        parts.append(weekday + ("s" if plural else ""))
    if pick > 0.25:
        day = day_of_month(rng)
        values.append(("date", day))
        parts.append(day)
    text = _one(rng, " ", ", ").join(parts) if len(parts) > 1 and rng.random() < 0.3 else " ".join(parts)
    if rng.random() < 0.4:
        start = clock(rng)
        values.append(("time", start))
        if rng.random() < 0.3:
            end = clock(rng)
            values.append(("time", end))
            start = _one(rng, f"{start} to {end}", f"from {start} to {end}", f"{start}-{end}", f"{start} until {end}")
        text += _one(rng, ", ", ", ", " at ", " ") + start if not start.startswith("from") else f" {start}"
    kind = rng.random()
    if kind < 0.4:
        label = _one(rng, "When: ", "Date: ", "Day: ", "when: ", "Starts: ", "Launch: ", "Opening: ", "Available: ", "")
        value = text
        return Fact(
            "date", label + text, tuple(values), (f"is on {value}", f"takes place on {value}", f"is ready on {value}"),
            (f"The date is {value}.", f"Join us on {value}.", f"Save the date: {value}.", f"It starts on {value}."),
        )  # fmt: skip
    lead = _one(
        rng, "from", "from", "until", "on", "every", "starting", "by", "opens", "ends", "this", "available from"
    )
    value = f"{lead} {text}"
    verbs = {"opens": (value,), "ends": (value,), "available from": (f"is {value}",), "by": (f"is ready {value}",)}
    label = (
        _one(rng, "", "", "", "", "When: ", "Available: ") if lead not in ("opens", "ends", "available from") else ""
    )
    return Fact(
        "date",
        label + value,
        tuple(values),
        verbs.get(lead, (f"is available {value}", f"is on {value}", f"runs {value}")),
    )


def place(rng: Random, names: Names) -> Fact:
    """Where: a street with or without number, a hall, a shop named for its street, a town."""
    if rng.random() < 0.45:
        street = names.until(lambda: f"{rng.choice(w.NOUNS + w.ADJECTIVES).title()} {rng.choice(w.STREETS)}")
    else:
        street = names.until(lambda: f"{names.draw(rng)} {rng.choice(w.STREETS)}")
    pick = rng.random()
    if pick < 0.3:
        core = f"{rng.randint(1, 199)} {street}"
        lead = "at"
    elif pick < 0.45:
        core, lead = street, "on"
    elif pick < 0.65:
        core, lead = f"the {street} {rng.choice(w.VENUES)}", "at"
    elif pick < 0.85:
        core, lead = names.until(lambda: f"{names.draw(rng)} {rng.choice(w.HALLS)}"), "at"
        if rng.random() < 0.3:
            core = "the " + core
    else:
        core, lead = names.draw(rng), "in"
    if rng.random() < 0.15:
        core += f", {names.draw(rng)}"
    bare = core.removeprefix("the ")
    label = _one(rng, "Where: ", "Place: ", "Location: ", "Address: ", "Venue: ", "where: ", "Shop: ")
    shown = label + core if rng.random() < 0.5 else _one(rng, "", "", "only ", "find us ") + f"{lead} {core}"
    where = f"{lead} {core}"
    return Fact(
        "place", shown, (("place", bare),), (f"is {where}", f"is available {where}", f"can be found {where}"),
        (f"Find it {where}.", f"You will find it {where}.", f"Come and see us {where}.", f"We are {where}.", f"Visit us {where}."),
    )  # fmt: skip


def discount(rng: Random, names: Names) -> Fact:
    """A percentage or an amount off."""
    amount = f"{rng.randint(2, 75)}%" if rng.random() < 0.75 else money(rng)
    if rng.random() < 0.2:
        amount = amount.replace("%", " %") if rng.random() < 0.3 else amount.replace("%", " percent")
    scope = _one(
        rng, "", "", "", "", " the first order", " for members", " this week", " all orders", " for students",
        " your first month", " for early bookings", " for new customers", " when you buy two", " everything",
    )  # fmt: skip
    value = f"{amount} off{scope}"
    pick = rng.random()
    if pick < 0.25:
        return Fact(
            "discount", _one(rng, "Discount: ", "discount: ", "Saving: ") + amount, (("discount", amount),), (),
            (f"There is a discount of {amount}.", f"The discount is {amount}.", f"You save {amount}."),
        )  # fmt: skip
    if pick < 0.4:
        value = f"save {amount}{scope.replace(' all', ' on all') if scope.startswith(' all') else ''}"
        return Fact(
            "discount",
            value,
            (("discount", amount),),
            (),
            (f"You can {value}.", f"S{value[1:]}.", f"With this offer, you {value}."),
        )
    return Fact(
        "discount", _one(rng, "", "", "", "Offer: ", "Deal: ", "get ") + value, (("discount", amount),),
        (f"comes with {value}",), (f"There is {value}.", f"Get {value}.", f"The offer is {value}.", f"You get {value}."),
    )  # fmt: skip


def result(rng: Random, names: Names) -> Fact:
    """A verb phrase with a figure: "saves 6 hours a week"."""
    n = rng.choice([rng.randint(2, 12), rng.randint(2, 99), rng.randint(100, 9999)])
    span = _one(rng, "a week", "a month", "a day", "per project", "a year", "per order", "per person")
    unit = _one(rng, "hours", "minutes", "days", "steps", "e-mails", "meetings", "clicks", "calls", "forms")
    phrase = _one(
        rng, f"saves {n} {unit} {span}", f"saves {n} {unit} {span}", f"cuts {rng.choice(w.NOUNS)} costs by {n % 90 + 2}%",
        f"holds {n} {_one(rng, 'litres', 'pages', 'books', 'files', 'cups', 'photos')}",
        f"lasts {n} {_one(rng, 'hours', 'days', 'weeks', 'years', 'months')}", f"serves {n % 40 + 2}",
        f"takes {n % 90 + 2} {_one(rng, 'minutes', 'hours', 'days', 'weeks')}", f"keeps for {n % 30 + 2} days",
        f"weighs {n} {_one(rng, 'g', 'kg', 'grams')}", f"replaces {n % 20 + 2} {_one(rng, 'tools', 'spreadsheets', 'forms', 'meetings')}",
        f"ships in {n % 20 + 2} days", f"works with {names.draw(rng)}", f"works with {names.draw(rng)} and {names.draw(rng)}",
        f"sends a reminder after {n % 60 + 2} {unit}", f"reduces {_one(rng, 'errors', 'waste', 'delays', 'returns')} by {n % 90 + 2}%",
        f"comes in {n % 9 + 2} {_one(rng, 'sizes', 'colours', 'flavours', 'finishes')}", "works offline", "fits in a pocket",
        f"runs on {_one(rng, 'any phone', 'solar power', 'two batteries', 'any browser')}",
    )  # fmt: skip
    return Fact("result", phrase, (("result", phrase),), (phrase,))


def count(rng: Random, names: Names) -> Fact:
    """A noun phrase with a figure: "only 40 places", "24 in a box", "30-day free trial"."""
    n = rng.choice([rng.randint(2, 12), rng.randint(2, 99), rng.randint(100, 9999)])
    things = _one(
        rng,
        "places",
        "seats",
        "stalls",
        "recipes",
        "templates",
        "lessons",
        "pieces",
        "pages",
        "boxes",
        "teams",
        "tickets",
    )
    if rng.random() < 0.4:
        label, unit = rng.choice([
            ("Size", "cm"), ("Weight", "g"), ("Weight", "kg"), ("Seats", ""), ("Length", "m"), ("Pages", ""), ("Places", ""),
            ("Capacity", "litres"), ("Duration", "minutes"), ("Duration", "weeks"), ("Battery", "hours"), ("Warranty", "years"),
            ("Team size", "people"), ("Serves", ""), ("Trial", "days"), ("Delivery", "days"), ("Notice", "hours"),
        ])  # fmt: skip
        value = f"{n} {unit}".strip()
        noun = label.lower()
        if label == "Serves":
            return Fact("count", f"Serves: {value}", (("count", value),), (f"serves {value}",))
        if label in ("Seats", "Pages", "Places"):
            return Fact(
                "count",
                f"{label}: {value}",
                (("count", value),),
                (f"has {value} {noun}",),
                (f"There are {value} {noun}.",),
            )
        return Fact(
            "count",
            f"{label}: {value}",
            (("count", value),),
            (f"has a {noun} of {value}",),
            (f"The {noun} is {value}.",),
        )
    lead = _one(rng, "", "only ", "over ", "up to ", "more than ")
    an = "an" if str(n).startswith("8") or n in (11, 18) else "a"
    value = _one(
        rng, f"{lead}{n} {things}", f"{lead}{n} {things}", f"{n} in a box", f"{an} {n}-{_one(rng, 'day', 'week', 'month')} free trial",
        f"a pack of {n}", f"{lead}{n} {things} left", f"{an} {n}-year guarantee", f"{an} {n}-page guide",
    )  # fmt: skip
    used = f"used by {lead}{n} {_one(rng, 'teams', 'customers', 'schools', 'shops', 'families', 'people')}"
    if rng.random() < 0.2:
        return Fact("count", used, (("count", used),), (f"is {used}",))
    bare = value.removeprefix("a ").removeprefix("an ")
    shown = bare if rng.random() < 0.5 else value
    sentences: tuple[str, ...] = (f"You get {value}.", f"Expect {value}.")
    if bare != value:
        sentences += (f"There is {value}.",)
    else:
        sentences += (f"There are {value}.",)
    return Fact("count", shown, (("count", bare),), (), sentences)


def _listing(rng: Random, items: list[str]) -> str:
    picked = rng.sample(items, rng.choice([1, 2, 2, 3]))
    return picked[0] if len(picked) == 1 else ", ".join(picked[:-1]) + " and " + picked[-1]


def made(rng: Random, names: Names) -> Fact:
    """What it is made with."""
    stuff = w.FOODS if rng.random() < 0.6 else w.MATERIALS
    value = _listing(rng, stuff)
    verb = _one(
        rng,
        "made with",
        "made from",
        "baked with" if stuff is w.FOODS else "built from",
        "filled with",
        "topped with" if stuff is w.FOODS else "lined with",
        "finished with",
    )
    if rng.random() < 0.5:
        label = _one(rng, f"{verb.capitalize()}: ", f"{verb.capitalize()}: ", f"{verb} ")
        return Fact("made", label + value, (("made", value),), (f"is {verb} {value}",))
    label = _one(rng, "Ingredients: ", "Material: ", "Contains: ", "with ", "Includes: ", "includes ", "contains ")
    verbs = {
        "Con": "contains",
        "con": "contains",
        "Inc": "includes",
        "inc": "includes",
        "wit": "comes with",
        "Ing": "is made with",
        "Mat": "is made from",
    }
    return Fact("made", label + value, (("made", value),), (f"{verbs[label[:3]]} {value}",))


def who(rng: Random, names: Names) -> Fact:
    """A person, sometimes with a trade."""
    who_is = names.until(lambda: w.person(rng))
    trade = _one(
        rng,
        "baker",
        "chef",
        "designer",
        "teacher",
        "founder",
        "gardener",
        "potter",
        "engineer",
        "author",
        "coach",
        "Dr",
        "guide",
    )
    value = who_is if rng.random() < 0.5 else f"{trade} {who_is}"
    verb = _one(rng, "led by", "made by", "designed by", "hosted by", "written by", "taught by", "run by", "created by")
    label = _one(rng, f"{verb.capitalize()}: ", f"{verb} ", f"{verb} ", "Host: ", "Contact: ", "by ", "with ")
    tail = {
        "Host: ": f"is hosted by {value}",
        "Contact: ": f"is looked after by {value}",
        "by ": f"is by {value}",
        "with ": f"is with {value}",
    }
    return Fact("person", label + value, (("person", value),), (tail.get(label, f"is {verb} {value}"),))


def feature(rng: Random, names: Names) -> Fact:
    """Free words, composed so widely that they have to be copied."""
    adjective, second = rng.choice(w.ADJECTIVES), rng.choice(w.ADJECTIVES)
    noun = rng.choice(
        w.NOUNS
        + ["handle", "lid", "search", "report", "view", "list", "label", "box", "finish", "lining", "crust", "crumb"]
    )
    other = rng.choice(
        w.NOUNS + ["screen", "menu", "alert", "archive", "filter", "link", "cover", "base", "filling", "glaze"]
    )
    pick = rng.random()
    if pick < 0.3:
        value = _one(
            rng,
            f"{adjective} {noun}",
            f"{adjective} {noun} and {second} {other}",
            f"{noun} {other} with {adjective} {rng.choice(w.NOUNS)}s",
            f"{adjective} {noun} {other}",
        )
        label = _one(
            rng, "Feature: ", "New: ", "Includes: ", "Detail: ", "Look: ", "Style: ", "Extra: ", "Comes with: "
        )
        return Fact(
            "feature",
            label + value,
            (("feature", value),),
            (f"comes with {value}", f"offers {value}"),
            (f"Look out for {value}.",),
        )
    if pick < 0.5:
        value = _one(
            rng, f"no {noun} fee", f"no {noun} needed", "free delivery", f"free {noun} {other}", f"one-click {noun} {other}s",
            f"{adjective} {noun} included", f"no more {adjective} {noun}s", f"free {other} with every {noun}", f"a {noun} for every {other}",
        )  # fmt: skip
        return Fact(
            "feature",
            value,
            (("feature", value),),
            (),
            (f"There is {value}.", f"Expect {value}.", f"It means {value}."),
        )
    if pick < 0.7:
        verb = _one(
            rng,
            "baked",
            "packed",
            "checked",
            "made",
            "tested",
            "roasted",
            "delivered",
            "printed",
            "sorted",
            "stored",
            "sent",
            "built",
            "cooled",
        )
        value = verb + _one(
            rng, f" in a {adjective} {noun}", " every morning", " by hand", f" for {adjective} {noun}s", f" without {noun}",
            f" near the {noun}", " overnight", f" in {names.draw(rng)}", f" with {adjective} {noun}", " on the day",
        )  # fmt: skip
        return Fact("feature", value, (("feature", value),), (f"is {value}",))
    if pick < 0.85:
        label, value = rng.choice([
            ("Colour", rng.choice(w.COLOURS)), ("Colours", _listing(rng, w.COLOURS)), ("Taste", f"{adjective} and {second}"),
            ("Theme", f"{noun} and {other}"), ("Brand", names.draw(rng)), ("Code", names.draw(rng).split()[0].upper() + str(rng.randint(5, 50))),
            ("Range", names.draw(rng)), ("Award", f"best {adjective} {noun} {rng.randint(2019, 2030)}"), ("Texture", f"{adjective}, {second}"),
            ("Allergens", _listing(rng, w.FOODS)), ("Partner", names.draw(rng)), ("Plan", names.draw(rng)), ("Season", f"{adjective} {noun}"),
            ("Goal", f"{adjective} {noun}s"), (noun.capitalize(), f"{adjective} {other}"), (names.draw(rng).split()[0], f"{noun} {rng.randint(2, 99)}"),
        ])  # fmt: skip
        verb = "are" if label.endswith("s") and label[:-1] in ("Colour", "Allergen") else "is"
        return Fact(
            "feature",
            f"{label}: {value}",
            (("feature", value),),
            (),
            (f"The {label[0].lower() + label[1:]} {verb} {value}.",),
        )
    subject = _one(
        rng,
        f"the {noun}",
        f"every {noun}",
        f"each {adjective} {noun}",
        f"the {adjective} {noun}",
        "you",
        "teams",
        "everyone",
    )
    if subject in ("you", "teams"):
        value = f"{subject} keep {_one(rng, 'the', 'every')} {adjective} {noun}"
    else:
        value = f"{subject} {_one(rng, 'has', 'keeps', 'gets', 'needs')} {_one(rng, 'a', 'the', 'one')} {other}"
    return Fact("feature", value, (("feature", value[1:]),), (), (f"{value[0].upper() + value[1:]}.",))


MAKERS: tuple[tuple[Callable[[Random, Names], Fact], float], ...] = (
    (price, 0.19), (date, 0.2), (place, 0.17), (discount, 0.08), (result, 0.09), (count, 0.08), (made, 0.08),
    (who, 0.04), (feature, 0.12),
)  # fmt: skip


def draw(rng: Random, names: Names, number: int) -> list[Fact]:
    """`number` facts of mostly different kinds, in random order."""
    facts: list[Fact] = []
    makers, weights = [m for m, _ in MAKERS], [p for _, p in MAKERS]
    while len(facts) < number:
        fact = rng.choices(makers, weights)[0](rng, names)
        seen = sum(fact.kind == other.kind for other in facts)
        if seen and (fact.kind not in ("feature", "result") or seen > 1):
            continue
        facts.append(fact)
    return facts
