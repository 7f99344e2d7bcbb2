# ruff: noqa: E501, SIM905 - word lists and sentence patterns read best as long lines
"""Word lists and name makers of the starter grammar; names are drawn afresh for every document."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
]  # fmt: skip
SHORT_MONTHS = [month[:3] for month in MONTHS]

ONSETS = (
    "b br c cl cr d dr f fl fr g gl gr h j k kl l m n p pl pr qu r s sc sh sk sl sm sn sp st str sw t th tr v w y z"
).split()
VOWELS = "a e i o u a e i o ai ea ee oa oo ou ia io".split()
CODAS = " b ck d ft g l ll lm m n nd ng nt p r rd rk rn s sh ss st t th v x".split(" ")
ENDINGS = "a o us ia el en er on um is ora ella ine ova eth wick ley ford by ton well hurst mere dale".split()

ADJECTIVES = """amber ancient blue brave bright brisk bronze calm clear clever copper cosy crisp daily dark deep early
easy fair fast fine firm fresh gentle golden good grand green grey happy hidden high honest humble ivory jolly keen
kind large light little local long lucky merry mild misty modern neat new noble northern old open pale plain polished
proud quick quiet rare red rich round royal rustic safe secret sharp shiny short silent silver simple slow small smart
smooth soft solid southern spare steady still strong sunny sweet tall tender tidy tiny true urban velvet warm western
white whole wide wild winter wise woven young""".split()

NOUNS = """acorn anchor apple apron arrow badger barn basket beacon bell birch bird blanket boat bottle bramble brick
bridge brook broom bucket button candle canvas castle cedar cellar chair chapel cherry circle clay clock cloud clover
coast compass copper coral corner cottage cove crane creek cricket crown daisy dawn deer desk dove dragon drum dune
eagle echo elm ember falcon feather fern field finch fire fleet flint forest forge fountain fox frost garden gate glade
glass grove harbour hare harvest hawk hazel heath hedge hedgehog heron hill hive hollow honey honeycomb horizon horse
island ivy jar juniper kettle key kite ladder lake lamp lantern lark leaf lily linen lion lodge loft loom magpie maple
market meadow mill mint mirror moon moss mountain nest nettle oak oat ocean olive orchard otter owl paper path peak
pear pearl pebble penny pepper pilot pine planet plum pocket pond poppy puffin quarry rabbit rain raven reed ribbon
ridge river robin rocket root rope rose saddle sail salt sand scarf sea shell shore silk sky snow sparrow spring spruce
star stone storm stream summit sun swallow swan table tailor teapot thistle thread tide tiger timber tower trail tree
tulip valley violet walnut water wave wheat whistle willow wind window wing wolf wood wren yard""".split()

ROLES = """Approval Invoice Budget Ticket Shift Stock Order Route Parcel Meeting Report Content Lead Payroll Expense
Brief Campaign Asset Contract Feedback Task Release Onboarding Survey Roster Review Supplier Visitor Calendar Data
Inbox Quote Refund Return Safety Training Travel Vendor Audit Billing Client Deal Document Draft Form Goal""".split()
DEVICES = """Router Board Planner Tracker Builder Desk Hub Finder Manager Checker Helper Monitor Sorter Mapper Timer
Keeper Link Studio Gate Bridge Panel Engine Radar Digest Queue Vault Sync Switch Log Guide Pilot Scheduler""".split()

FLAVOURS = """lavender lemon honey almond cherry ginger vanilla maple plum orange mint coconut pear apple rhubarb
hazelnut walnut pistachio caramel cinnamon cardamom rosemary thyme sage basil rye spelt oat barley buckwheat raspberry
blackberry blueberry strawberry gooseberry apricot fig date peach mango lime chilli garlic pumpkin beetroot carrot
sesame poppy-seed saffron fennel elderflower chocolate coffee toffee""".split()
FOODS = FLAVOURS + [
    "sea salt", "brown butter", "sourdough starter", "stone-ground flour", "cold cream", "free-range eggs", "dark sugar",
    "local milk", "roasted nuts", "olive oil", "soft cheese", "wild garlic", "smoked paprika", "cane sugar", "oat milk",
]  # fmt: skip
MATERIALS = [
    "oak", "ash wood", "recycled wool", "cotton", "linen", "steel", "brass", "glass", "leather", "cork", "bamboo",
    "felt", "clay", "aluminium", "beeswax", "copper", "canvas", "silk", "organic cotton", "recycled plastic", "stone",
    "walnut", "hemp", "paper", "rubber", "slate", "pine", "porcelain",
]  # fmt: skip
COLOURS = """sage green|navy|rust|cream|charcoal|sky blue|mustard|black|white|forest green|rose|slate grey|plum|sand|
copper|teal|coral|ivory|olive|burgundy""".replace("\n", "").split("|")  # fmt: skip

STREETS = "Lane Street Road Row Square Avenue Close Hill Way Court Terrace Quay Yard Place Walk Gate Parade".split()
HALLS = [
    "Hall", "Town Hall", "Village Hall", "Library", "Market", "Church Hall", "Community Centre", "Arms", "House",
    "Theatre", "Museum", "Arcade", "Mill", "Barn", "School", "Park", "Gardens", "Station", "Gallery", "Works",
]  # fmt: skip
VENUES = [
    "shop",
    "store",
    "branch",
    "bakery",
    "studio",
    "office",
    "cafe",
    "showroom",
    "kitchen",
    "site",
    "market stall",
]
FIRST_NAMES = """Mara Tom Ines Omar Ruth Leo Nadia Finn Grace Hugo Ivy Jonas Kira Liam Maya Noor Oscar Priya Quentin
Rosa Sam Tess Umar Vera Will Yara Zoe Anna Ben Clara David Ella Farid George Hana Isaac June Karl Lucy Mina Nils Olive
Paul Rita Simon Tara Victor Wendy""".split()


def syllable_word(rng: Random) -> str:
    """A made-up word of two or three syllables with a capital letter, such as "Brimora"."""
    body = rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(CODAS)
    if rng.random() < 0.35:
        body += rng.choice(ONSETS) + rng.choice(VOWELS)
    return (body + rng.choice(ENDINGS if rng.random() < 0.7 else CODAS[1:])).capitalize()


def proper_name(rng: Random) -> str:
    """A name of one to three words for a product, street or town; seldom the same one twice."""
    pick = rng.random()
    if pick < 0.36:
        return syllable_word(rng)
    if pick < 0.60:
        first, second = rng.choice(ADJECTIVES + NOUNS), rng.choice(NOUNS)
        return f"{first} {second}".title()
    if pick < 0.70:
        return f"{syllable_word(rng)} {rng.choice(NOUNS).title()}"
    if pick < 0.78:
        return f"{rng.choice(NOUNS).title()} {syllable_word(rng)}"
    if pick < 0.86:
        return rng.choice(ADJECTIVES + NOUNS).title() + rng.choice(NOUNS)
    if pick < 0.92:
        return f"{rng.choice(NOUNS).title()} & {rng.choice(NOUNS).title()}"
    if pick < 0.96:
        return f"{syllable_word(rng)} {rng.choice([str(rng.randint(2, 99)), 'Plus', 'Mini', 'One', 'Go', 'Pro'])}"
    return f"{rng.choice(ADJECTIVES).title()} {rng.choice(ADJECTIVES + NOUNS).title()} {rng.choice(NOUNS).title()}"


def person(rng: Random) -> str:
    """A first name and a made-up or composed surname."""
    surname = (
        syllable_word(rng) if rng.random() < 0.6 else rng.choice(NOUNS).title() + rng.choice(["", "s", "ley", "man"])
    )
    return f"{rng.choice(FIRST_NAMES)} {surname}"


_DICTIONARY = {
    word.casefold()
    for words in (ADJECTIVES, NOUNS, ROLES, DEVICES, FLAVOURS, STREETS, FIRST_NAMES, WEEKDAYS, MONTHS)
    for word in words
}


def held_out(name: str) -> bool:
    """Whether a name is kept for evaluation: one of its word pairs or made-up words falls in a fixed eighth.

    The rule is a checksum, so no list has to be stored and training can never meet such a name by chance.
    """
    words = re.findall(r"[^\W\d_]+", name)
    keys = [f"{a} {b}" for a, b in zip(words, words[1:], strict=False)]
    keys += [word for word in words if word[0].isupper() and word.casefold() not in _DICTIONARY]
    return any(zlib.crc32(key.casefold().encode()) % 8 == 0 for key in keys)


@dataclass(frozen=True)
class Names:
    """Where the names of a document come from: those for training, or (`held`) those kept for evaluation."""

    held: bool = False

    def draw(self, rng: Random) -> str:
        """A proper name from the right side."""
        return self.until(lambda: proper_name(rng))

    def until(self, make: Callable[[], str]) -> str:
        """Call `make` until what it returns lies on the right side."""
        while held_out(text := make()) != self.held:
            pass
        return text
