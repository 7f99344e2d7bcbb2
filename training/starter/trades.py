# ruff: noqa: E501, SIM905 - word lists and sentence patterns read best as long lines
"""Trades of the starter grammar: product kinds, and the calm sentences that may stand around the facts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Trade:
    """A line of business: `kinds` are singular nouns, `fillers` whole sentences that state no fact."""

    name: str
    kinds: tuple[str, ...]
    fillers: tuple[str, ...]
    edible: bool = False


def _trade(name: str, kinds: str, fillers: str, edible: bool = False) -> Trade:
    split = [" ".join(part.split()) for part in kinds.split(",")]
    lines = tuple(line.strip() for line in fillers.strip().splitlines())
    return Trade(name, tuple(split), lines, edible)


TRADES = (
    _trade("bakery", """sourdough loaf, cupcake, bun, rye loaf, croissant, scone, tart, birthday cake, flatbread, bagel,
        brownie, pie, biscuit, pastry, focaccia, muffin, doughnut, baguette, cake, loaf, roll, cookie, slice""", """
        Every batch is baked with care.
        The taste is clear and balanced.
        It goes well with tea or coffee.
        It is a simple choice for any day of the week.
        We bake in small batches.
        The texture is light and even.
        Good bread takes time.""", True),
    _trade("food", """granola, coffee blend, herbal tea, chutney, olive oil, hot sauce, jam, cheese, soup, meal kit,
        lunch box, juice, cordial, chocolate bar, spice mix, pasta, yoghurt, ice cream, cider, lager, salad, sandwich""",
        """
        The flavour is fresh and well balanced.
        It is easy to prepare and easy to share.
        Each portion is packed with care.
        It suits a quick lunch as well as a long dinner.
        Good food should be simple.
        The recipe is kept simple on purpose.""", True),
    _trade("software", """workflow tool, app, dashboard, calendar, invoicing tool, time tracker, chat tool, reporting tool,
        help desk, form builder, planning board, stock system, booking system, note app, payroll service, editor,
        approval tool, project tracker, feature, integration, add-on, platform, plugin, inbox""", """
        The screen is clear and easy to read.
        Teams can see what comes next.
        It fits the way that teams already work.
        Set-up is straightforward.
        Less time goes into routine work.
        Everything is kept in one place.
        It helps people to stay on top of their work.
        Good tools stay out of the way."""),
    _trade("home", """lamp, chair, kettle, blanket, desk, bookshelf, mug, knife, pan, rug, vase, cushion, table, stool,
        clock, candle, basket, teapot, sofa, mattress, towel, vacuum cleaner, heater, fan, wardrobe, bowl""", """
        The design is simple and calm.
        It fits well in any room.
        It is easy to clean and easy to keep.
        It is built for daily use.
        Small details make the difference.
        It has a quiet look that lasts."""),
    _trade("clothing", """jacket, scarf, rucksack, jumper, running shoe, raincoat, shirt, hat, belt, travel bag, sock,
        dress, glove, wallet, boot, coat, watch, apron""", """
        It is comfortable from morning to evening.
        The cut is simple and the finish is neat.
        It goes with most things.
        It is made to last.
        It is easy to wear and easy to care for."""),
    _trade("care", """soap, hand cream, shampoo, face oil, lip balm, toothbrush, razor, sun cream, bath salt, perfume,
        vitamin, massage, haircut, facial""", """
        It is gentle and easy to use.
        It suits most skin types.
        It fits into a short daily routine.
        The scent is light.
        A little goes a long way."""),
    _trade("event", """workshop, tasting, concert, market, class, open day, exhibition, fair, festival, lecture, webinar,
        supper club, guided walk, book launch, quiz night, film night, charity run, conference, training day""", """
        There is time for questions.
        Everyone is welcome.
        No experience is needed.
        It is a relaxed way to learn something new.
        It is a good way to meet people.
        The programme is easy to follow.
        Doors open a little early."""),
    _trade("service", """bank account, insurance plan, gym membership, cleaning service, garden service, bike repair,
        delivery service, language course, tax service, moving service, broadband plan, energy plan, vet check,
        photo session, dog walking service, pension plan, car hire, driving lesson, consulting service, print service,
        design service, subscription, gift card, newsletter""", """
        The terms are clear from the start.
        Our team is there to help.
        It is easy to join and easy to leave.
        You always know where you stand.
        Questions are answered quickly.
        We keep things simple."""),
    _trade("travel", """hotel, weekend trip, cottage, camp site, boat tour, train pass, bus tour, guest house, hostel,
        walking holiday, restaurant, cafe, bar, spa, farm shop, garden centre, bookshop, museum""", """
        It is easy to reach.
        The setting is quiet.
        It is a good place to slow down.
        There is something for everyone.
        The staff are friendly and helpful."""),
    _trade("outdoor", """tent, bicycle, bird feeder, garden chair, water bottle, torch, kayak, yoga mat, climbing rope,
        plant pot, seed box, dog lead, cat bed, toy train, board game, puzzle, notebook, pen, guitar, camera""", """
        It is easy to carry and easy to store.
        It is ready for all kinds of weather.
        It is built with care.
        It is simple to use from the first day.
        It makes a good gift."""),
)  # fmt: skip

ANY_FILLERS = (
    "It is a good choice for every day.",
    "The details are simple.",
    "Here is what you need to know.",
    "Here are the main points.",
    "Quality comes first.",
    "We have kept it simple.",
    "It is easy to get started.",
    "It does what it should do.",
    "We think that you will like it.",
    "There is more to discover.",
    "It is a practical choice.",
    "Simple things are often the best.",
    "It was made with everyday life in mind.",
    "A good idea does not have to be complicated.",
    "We are happy to answer any questions.",
    "Thank you for your interest.",
)

AUDIENCE_ADJECTIVES = """busy young new curious small local careful first-time regular keen working retired growing
independent remote hungry weekend experienced long-standing early tired patient practical""".split()
AUDIENCE_NOUNS = [
    "parents", "families", "students", "gardeners", "teams", "managers", "commuters", "home cooks", "runners",
    "shop owners", "teachers", "nurses", "designers", "regulars", "neighbours", "visitors", "customers", "cyclists",
    "freelancers", "start-ups", "walkers", "readers", "renters", "office workers", "operations leads", "bakers",
    "travellers", "pet owners", "musicians", "accountants", "marketing teams", "agencies", "engineers", "couples",
    "grandparents", "children", "finance teams", "project managers", "people", "locals", "coffee lovers",
]  # fmt: skip
AUDIENCE_TAILS = [
    "who buy before work", "who want less paperwork", "with little time", "on a budget", "who like to plan ahead",
    "in small towns", "at small firms", "who work from home", "with young children", "who value quality", "new to the area",
    "who care about detail", "in a hurry", "with many clients", "who cook at home", "looking for a gift",
]  # fmt: skip
