# ruff: noqa: E501, SIM905 - word lists and sentence patterns read best as long lines
"""Copy in no settled voice: loose everyday English around facts in any order, under a marked request.

The plain request never shows it, so the house style stays bland. It gives the model the words, contractions and
sentence shapes that an adapter needs to find there: an adapter of a few hundred pairs cannot teach a language.
"""

from __future__ import annotations

import re
from random import Random

from training.corpus.brief import CHANNELS, Brief
from training.starter import facts as f
from training.starter import words as w
from training.starter.grammar import TRAIN_NAMES, Document, audience_for, call_for
from training.starter.topics import capital, topic
from training.starter.trades import TRADES

MARK = "In another voice.\n"
"""Stands before the prompt of these documents, and of no other."""

THINGS = """answer approval audit bag bakery bank bill bite bottom box boss bread breakfast brother budget bus butter button cake call
card case cat chance change cheese child choice city clerk client coat coffee colleague company cost counter country couple crew
crowd crumb crust cup customer day deal desk detail dinner dog door dough dream drawer error evening eye face fact family feeling
field file flour folder fork form friend fun future game gift glass grandmother habit hand head heart help holiday home hour house
idea inbox invoice job joke joy keyboard kitchen knee laugh lead letter life line list log loaf lunch machine manager mark market
meeting meal memory metric mind minute mistake moment money month morning mother mouth moustache name napkin neighbour nephew news
night noise nose note number nun office option order oven owner page pan paper party past path pay people person picture piece plan
plate pleasure point price problem process proof queue question quarter reason receipt recipe record request rest result review
rhyme risk road room rule rumour sample saucer school score second secret shelf shift shop shoulder side sign size sleep slice smell
smile song sort spoon spreadsheet staff start status step story street stuff sugar Sunday surprise system table taste tea teacher
team thing thought ticket time tin toast tongue tooth town train tray treat trick trouble truth tune uncle user vicar view village
visit voice wait walk wall way week weekend window winter woman word work world worry year""".split()

LOOKS = """able actual available awful awkward bad best better big bold boring bored cheap clean cold comfortable common complete crusty
dangerous dear delicious different dirty dull easier empty enough entire exact excellent extra famous fat favourite few fewer final
first flaky fluffy foolish free friendly full funny giant glad great guilty handy hard heavy helpful hot huge important impossible
last late lazy left lovely mad main manual married measured messy modest naughty nervous next nice nosy odd ordinary other perfect
polite poor possible pretty private public ready real reasonable reliable right ripe rude sad same second serious several shared
shy sick silly single sleepy sorry spare special sticky strange stubborn stuck sure tidy total tough upset useful usual warm weekly
weird wet wobbly wonderful worse worst worth wrong""".split()

DOINGS = """add agree answer appear apply approve arrive ask assign avoid bake balance beat become begin behave believe blame bother break
bring build burn buy call carry catch change charge chase check cheer choose clear climb close collect come compare complain cook
cool copy count cover cross cry cut dance decide deliver deserve disappear discover doubt drop earn eat end enjoy enter escape
explain fail fall feed feel fetch fight fill find finish fit fix float fly fold follow forget forgive gather get give go grow guess
handle happen hate have hear help hide hold hope hug hurry ignore improve invite join judge jump keep knead know land last laugh
lead learn leave lend let lick lie lift like listen live look lose love make manage match matter mean measure meet melt mention
miss mix move need nod notice offer open order own pack pay pick plan play post pour prefer prepare press pretend promise prove pull
push put raise reach read reduce remember repeat replace report rest return rise risk roll rub run rush save say see seem sell send
serve share shout show shrug sing sit skip sleep slip smell smile sneeze solve sort speak spend split stand stare start stay steal
stick stop store suggest suit swap take talk taste tell test thank think throw touch trace track treat trust try turn understand use
vanish visit wait wake walk want warn wash waste watch wear whisper win wink wish wonder work worry wrap write""".split()

LINKS = """about above across after again against ahead all almost alone along already also although always among another any anyone
anything anyway around away back because before behind below beside between beyond both by certainly clearly down during each either
else enough especially even ever everybody everything everywhere exactly far finally first for forever from further gently happily
hardly here how however if in indeed inside instead into just later least less likely maybe mostly much nearly neither never next
nobody none nothing now nowhere off often on once only otherwise out outside over perhaps please possibly probably properly quickly
quite rather really since slowly so some somebody somehow someone something sometimes somewhere soon still straight such suddenly
than then there therefore though through together tomorrow tonight too towards twice under unless until up upon usually very
well what whatever when whenever where wherever which while whoever why with within without yes yesterday yet""".split()

PATTERNS = """You'll {v} the {n}, and the {n} will {v} you.|Don't {v} the {n}.|We {v} it so you don't have to.|It's {a}, it's {a} and it's {l} {a}.|Nobody {v}s a {a} {n}.
There's a {n} in every {n}.|We've {v} the {n}, the {n} and the {n}.|Who {v}s a {n} at the {n}?|They said it couldn't {v}. It did.|If you {v} {l}, {v} {l}.|{L}, we {v}.|{A} {n}. {A} {n}.
One {n}, one {n}, no {n}.|The {n} {v}s {l} the {n}.|Your {n} won't {v} itself.|You could {v} a {n}. You won't.|We can't {v} the {n}, but we can {v} the {n}.|He {v}s like a {a} {n}.
She isn't {a}; she's {l} {a}.|I'm not saying {n}, but {n}.|{V} it {l} your {n}.|{V} one, {v} two, {v} nobody.|Less {n}, more {n}.|No {n}, no {n}, just {n}.|Every {n} is {a} and every {n} has an owner.
{N}s have been known to {v}.|Our {n} {v}s, {l} {v}s, and {v}s {l}.|That's what {n}s are for.|It tastes of {n} and {n}.|It reads the {n}, checks the {n} and sends the {n}.|What would your {n} say?
Let's {v} {l}.|We're {a}, you're {a}, it's {n} o'clock.|You're {l} the {n}.|The {n} is {a}er than your {n}'s {n}.|Come {l} the {n} is {a}.|They've {v}ed. We've {v}ed. Have you {v}ed?|Same {n}, same {n}, fewer {n}s.
As {a} as a {n} in a {n}.|Here's the {n}: {v} {l}.|Yes, {l}. No, not {l}.|A {n} is {l} a {n}.|Is it {a}? {L}.|I'd {v} it {l}.|We'd {v} for it.|It'll {v} by {n} time.|Someone {v}s, someone {v}s, and it's done.
How does the {n} {v}? With {n}.|When the {n} {v}s, the {n} {v}s too.|{V} this {l} the {n} does.|You get what you {v}.|It doesn't {v}. It hasn't {v}ed. It wouldn't {v}.|Our {a} {n} had {l} been {a}.|That {n} was theirs; this one's yours.
It takes {n}s to {v} and {n}s to {v}.|Tell your {n}, your {n} and your {n}'s {n}.|{A}, {a} and {l} {a}.|This is the {n} {l} which {n}s {v}.|{V}ing a {n} is {a}; {v}ing two is {a}.|It was {v}ing {l} when we {v}ed.|We were {l} {a}.|Their {n}s are {a}; his is {a}, hers {l} not.
At last, a {n} that {v}s.|All the {n}, none of the {n}.|Not a {n}. Not a {n}. A {n}.|Between you and me, it's {a}.|{L} you {v}, {v}.|The more you {v}, the {a}er the {n}.|Keep it {a}, keep it {l}.|Thanks for {v}ing.|Made for {n}s, {v}ed by {n}s.|Where's the {n}? {L}.""".replace(
    "\n", "|"
).split("|")

CARRIERS = """{S}: {f}.|{S} is {f}.|{S}, {f}.|{f}. That's {s}.|It's {f}.|{f}.|{F}. {F}.|Yours: {f}.|All you need to know: {f}.|You'll find {s} ({f}).|{S} ({f}) {v}s.|Here's the deal: {f}.|{f}, and not a {n} more.|We've got {s}, {f}.|In short: {f}.|{S} {v}s {l}: {f}.|Expect {f}.|The facts: {f}.|Think {f}.|{f}, {v} it or {v} it.|Because {f}.|Ask for {s}: {f}.""".split(
    "|"
)
ASKS = "{c}.|{c}.|{c}!|{c}. We'll {v}.|{c}, {l}.|{c} (bring a {n}).|{c} before the {n} {v}s.|Go on: {k}.|So {k}.|Psst, {k}.|{c} and {v}.|Now {k}.|{c} - the {n} won't {v}.".split(
    "|"
)
MARKS = ["😀", "🎉", "☕", "✨", "❤️", "👀", "🥐", "🍞", "🙂", "😉", "🎂", "…", "–", "—"]


def _form(verb: str, ending: str) -> str:
    """A regular form of the verb: with "s", "ed" or "ing"."""
    if ending == "s":
        if verb.endswith(("s", "sh", "ch", "x", "z")) or verb in ("go", "do"):
            return verb + "es"
        return verb[:-1] + "ies" if verb[-1] == "y" and verb[-2] not in "aeiou" else verb + "s"
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + ending
    if ending == "ed" and verb[-1] == "y" and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + ending


def loose(rng: Random, pattern: str) -> str:
    """Fill a pattern's {n} nouns, {v} verbs, {a} adjectives and {l} little words with random ones."""

    def fill(match: re.Match[str]) -> str:
        slot, ending = match.group(1), match.group(2) or ""
        low = slot.lower()
        if low == "n":
            word = rng.choice(THINGS if rng.random() < 0.8 else w.NOUNS)
            word = _form(word, "s") if ending else word
        elif low == "v":
            word = rng.choice(DOINGS)
            word = _form(word, ending) if ending else word
        elif low == "a":
            word = rng.choice(LOOKS if rng.random() < 0.7 else w.ADJECTIVES) + ending
        else:
            word = rng.choice(LINKS)
        return capital(word) if slot.isupper() else word

    return capital(re.sub(r"\{([nNvVaAlL])\}(s|ed|ing|er)?", fill, pattern))


def _said(rng: Random, fact: f.Fact) -> str:
    """A fact as a phrase that can stand in a list: the brief's words, most often without the label."""
    if rng.random() < 0.15:
        return fact.text
    return (
        fact.text.split(": ", 1)[-1]
        if rng.random() < 0.7 or not fact.predicates
        else "it " + rng.choice(fact.predicates)
    )


def styled(rng: Random, names: w.Names = TRAIN_NAMES) -> Document:
    """One document in no settled voice: facts in any order, in lists, brackets and fragments."""
    trade = rng.choice(TRADES)
    about = topic(rng, trade, names)
    facts = f.draw(rng, names, rng.choice([0, 1, 2, 2, 3, 3, 4, 5]))
    audience = audience_for(rng) if rng.random() < 0.6 else ""
    call = call_for(rng, about, names) if rng.random() < 0.75 else ""
    brief = Brief(rng.choice(list(CHANNELS)), about.text, tuple(fact.text for fact in facts), audience, call)
    rest = rng.sample(facts, len(facts)) if rng.random() < 0.6 else list(facts)
    lines: list[str] = []
    named = False
    while rest:
        size = rng.choice([1, 1, 2, 3])
        said, rest = [_said(rng, fact) for fact in rest[:size]], rest[size:]
        joined = said[0] if len(said) == 1 else ", ".join(said[:-1]) + rng.choice([" and ", ", ", " & "]) + said[-1]
        pattern = rng.choice(CARRIERS)
        if "{F}" in pattern:
            pattern = ". ".join(capital(one) for one in said) + "."
        named = named or "{s}" in pattern or "{S}" in pattern
        pattern = pattern.replace("{f}", joined).replace("{s}", about.subject).replace("{S}", capital(about.subject))
        lines.append(loose(rng, pattern))
    if not named:
        lines.insert(
            rng.choice([0, 0, len(lines)]),
            loose(
                rng,
                rng.choice(["Say hello to {s}.", "{S} {v}s {l}.", "Oh, {s}.", "{S}? {L}.", "It's {s}, {l}."])
                .replace("{s}", about.subject)
                .replace("{S}", capital(about.subject)),
            ),
        )
    if audience and rng.random() < 0.6:
        lines.insert(
            rng.randint(0, len(lines)),
            rng.choice(["For {w}.", "{W}, this one's yours.", "We know {w}.", "Dear {w}, hello."]).format(
                w=audience, W=capital(audience)
            ),
        )
    for _ in range(rng.randint(0, 5)):
        lines.insert(rng.randint(0, len(lines)), loose(rng, rng.choice(PATTERNS)))
    if call:
        bare = call.rstrip(".!")
        lines.append(
            loose(rng, rng.choice(ASKS).replace("{c}", capital(bare)).replace("{k}", bare[0].lower() + bare[1:]))
        )
    if rng.random() < 0.15:
        lines[-1] += " " + rng.choice(MARKS)
    if rng.random() < 0.25:
        spot = rng.randrange(len(lines))
        lines[spot] = f"{lines[spot][:-1]} ({loose(rng, rng.choice(PATTERNS)).lower().rstrip('.')})."
    text = lines[0]
    for line in lines[1:]:
        text += rng.choice([" "] * 6 + ["\n\n", "\n"] if len(lines) > 4 else [" "]) + line
    if rng.random() < 0.12:
        text = f"Subject: {loose(rng, rng.choice(PATTERNS)).rstrip('.')}\n\n{text}"
    values = [("name", about.name)] + [value for fact in facts for value in fact.values if value[1] in text]
    return Document(brief, text, tuple(values))
