# ruff: noqa: E501, SIM905 - word lists and sentence patterns read best as long lines
"""Everyday English by chance: common words, their forms, and the shapes of ordinary sentences.

What the sentences say is nonsense; that they are made of the right words in the right places is what an adapter needs.
"""

from __future__ import annotations

import re
from random import Random

from training.starter import words as w
from training.starter.topics import article, capital

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

IRREGULAR = dict(
    pair.split("/")
    for pair in """beat/beat become/became begin/began break/broke bring/brought build/built burn/burnt buy/bought catch/caught
choose/chose come/came cut/cut eat/ate fall/fell feed/fed feel/felt fight/fought find/found fit/fit fly/flew forget/forgot
forgive/forgave get/got give/gave go/went grow/grew have/had hear/heard hide/hid hold/held keep/kept know/knew lead/led leave/left
lend/lent let/let lie/lay lose/lost make/made mean/meant meet/met pay/paid put/put read/read rise/rose run/ran say/said see/saw
sell/sold send/sent show/showed sing/sang sit/sat sleep/slept smell/smelt speak/spoke spend/spent split/split stand/stood steal/stole
stick/stuck take/took tell/told think/thought throw/threw understand/understood wake/woke wear/wore win/won write/wrote""".split()
)
"""Base form -> past of the verbs in `DOINGS` that do not take "ed"."""

DOUBLING = frozenset(
    "beg chat cut drop fit get grab hug let nod plan put rub run shop shut sit skip slip split spot stop swap track trim win wrap".split()
)
"""Verbs that double their last letter before "ing" and "ed"."""

NUMBERS = "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty".split()

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


MORE = """I {v} the {n} every {n}, and so does my {n}.|My {n} {p} it, then my {n} {p} it again.|We {p} all {n} to {v} this {n}.|They {p} the {n} before the {n} had {p}.|Somebody {p} our {n} last {n}.
Have a {n}. Have {m}.|There were {m} {n}s in the {n}, and now there are {m}.|It was {a} when we {p} it, and it's {a} now.|What {v}s in the {n} stays in the {n}.|The {n} that {v}s is the {n} you {v}.|You {v}, we {v}, and the {n} {v}s itself.
Before the {n}, {n}s {p} by hand. After it, they {v}.|No one has to {v} the {n} twice.|It starts with the {n}; the {n} then {v}s.|Once the {n} is {a}, it goes to the {n}.|From there, the {n} {v}s and the {n} {v}s.|What used to be {g} is now a {n}.
Each {n} has one {n}.|A {n} without a {n} is where the {n} {v}s.|The {n} {v}s; the {n} does not.|Nothing to {v}, nothing to {v}.|The first {n} is always who {v}s it.|Where a {n} once {p}, the {n} {v}s.|Give it the {n} once. It {v}s the {n}, {v}s the {n} and leaves a {n}.
That is on purpose.|The {n} knows where.|The {n} still needs a {n}.|{M} {n}s, one {n}.|Nobody {v}s for a {n}; the {n} is on the {n}.|Between {n} and {n}, nobody {v}s.|In {m} {n}s the {n} was {a}.|It took {m} {n}s and a {n}.|By the time you {v} this, the {n} will be {a}.
He says he's {a}. He isn't.|She {p} the {n} and {p} {l}.|His {n} has been {g} since {n}.|It smells like a {n} and {v}s like a {n}.|It goes {l} with {n}, or with {n}, or {l} with nothing.|Warm {n}, cold {n}.|Bring your {n}. Bring your {n}'s {n}.|{V} it warm, {v} it cold, {v} it standing up.
It's best {w} a {n}.|We open when the {n} does.|You know where we are.|Don't just stand there.|You've {p} {l}; you may {v}.|Blame the {n}.|Ask the {n}.|Mind the {n}.|We're not {a}, we're {n}s.|Is it {a}? It is. Is it {a}? {L}.|Guess who {p} the {n}?|Spoiler: the {n} {v}s.|Warning: {a} {n} ahead.
If your {n} asks, you {p} it for {n}.|Some {n}s {v}. Ours {v}s.|All {n}s are {a}, but some are {a}er.|A {n} a {n} keeps the {n} away.|First the {n}, then the {n}, then {l} the {n}.|Last {n} it was {n}s. This {n} it's {n}s.|You'd {v} too if you were {a}.|We were {g} the {n} when it {p}.|I've {p} {m} of them and I'd {v} another.
Everything you {v} about {n}s is {a}.|It won't {v} your {n}, but it'll {v} your {n}.|There's no {n} for that, but there is a {n}.|Which {n} {v}s first?|Why {v} a {n} when you can {v} a {n}?|How many {n}s does it take to {v} a {n}? {M}.|On a {a} {n}, nothing {v}s like a {n}.|In our {n}, the {n} comes first.|After {m} {n}s of {g}, we {p} it.
It {p} on its own.|The {n} {p}, and everyone {p}.|To {v} is {a}; to {v} {l} is {a}er.|{G} and {g} are half of it.|We {v} when we're {g}.|Without the {n}, the {n} wouldn't {v}.|Put the {n} {w} the {n} and {v}.|They're {a}, {a} and gone by {n}.|Who's been {g} my {n}?|That's {m} fewer {n}s a {n}.|It's yours to {v}.""".replace(
    "\n", "|"
).split("|")

PREPOSITIONS = "with without near under over beside behind by before after on in at for from".split()


def form(word: str, ending: str) -> str:
    """A word with "s", "ing", "er" or, for "ed", in its past."""
    if ending == "ed" and word in IRREGULAR:
        return IRREGULAR[word]
    if ending == "s":
        if word.endswith(("s", "sh", "ch", "x", "z")) or word in ("go", "do"):
            return word + "es"
        return word[:-1] + "ies" if word[-1] == "y" and word[-2] not in "aeiou" else word + "s"
    if word in ("lie",) and ending == "ing":
        return "lying"
    if word.endswith("e") and not word.endswith("ee"):
        return word[:-1] + ending
    if ending in ("ed", "er") and word[-1] == "y" and word[-2] not in "aeiou":
        return word[:-1] + "i" + ending
    return word + (word[-1] if word in DOUBLING else "") + ending


def loose(rng: Random, pattern: str) -> str:
    """Fill a pattern's slots with random words, with "an" where it sounds so.

    {n} noun, {v} verb, {p} verb in the past, {g} verb with "ing", {a} adjective, {l} little word, {w} preposition, {m}
    number; a capital letter asks for one, and what follows the slot ("s", "ed", "ing", "er") is its ending.
    """

    def fill(match: re.Match[str]) -> str:
        slot, ending = match.group(2), match.group(3) or ""
        low = slot.lower()
        if low == "n":
            word = rng.choice(THINGS if rng.random() < 0.8 else w.NOUNS)
        elif low in "vpg":
            word = rng.choice(DOINGS)
            ending = {"p": "ed", "g": "ing"}.get(low, ending)
        elif low == "a":
            word = rng.choice(LOOKS if rng.random() < 0.7 else w.ADJECTIVES)
        else:
            word = rng.choice({"l": LINKS, "w": PREPOSITIONS, "m": NUMBERS}[low])
        word = form(word, ending) if ending else word
        lead = match.group(1)
        if lead:
            return f"{lead[0]}n {word}" if article(word).startswith("an ") else f"{lead}{word}"
        return capital(word) if slot.isupper() else word

    return capital(re.sub(r"(\b[aA] )?\{([nNvVaAlLpgGwmM])\}(s|ed|ing|er)?", fill, pattern))
