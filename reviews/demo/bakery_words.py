"""The bakery's nouns: bakes, boxes, classes, outings, people, places, audiences and calls to action.

Word lists only; `bakery_phrases` holds the sentences and `bakery_grammar` puts both together.
"""

from __future__ import annotations


def words(text: str) -> tuple[str, ...]:
    """One entry per comma or line break, blanks dropped."""
    return tuple(entry.strip() for entry in text.replace("\n", ",").split(",") if entry.strip())


def lines(text: str) -> tuple[str, ...]:
    """One entry per non-empty line; runs of spaces count as one."""
    return tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())


FLAVOURS: dict[str, tuple[str, ...]] = {
    "loaf": words(
        """walnut, caraway, oat and barley, malted, olive, fig and fennel, potato, beer and barley
            black treacle, pumpkin seed, rosemary, honey and rye, spelt, poppy seed, onion, buttermilk
            cheddar and chive, apple and cider, beetroot, sunflower seed, roast garlic, linseed
            raisin and hazelnut, wholemeal, porridge, dark rye, semolina, sweet potato, nettle
            smoked paprika, marrow, toasted sesame, golden raisin, turmeric, seaweed, brown ale"""
    ),
    "sweet": words(
        """lavender, rhubarb, ginger, plum and almond, cardamom, lemon curd, blackcurrant
            coffee and walnut, pear, gooseberry, raspberry, salted caramel, orange blossom, bramley apple
            cherry, honeycomb, toffee, damson, marmalade, pistachio, coconut, mocha, carrot, banana
            elderflower, apricot, peach, quince, date, maple, chocolate orange, blueberry, hazelnut
            rosewater, strawberry, treacle, lime, clementine, custard, blackberry and bay
            parsnip and honey, fig, chestnut, mincemeat, brown sugar, white chocolate, peppermint"""
    ),
    "savoury": words(
        """leek and cheddar, mushroom, stilton and pear, ham and mustard, squash and sage
            spinach and feta, chickpea, chorizo, beef and ale, celeriac, red onion, pea and mint
            potato and thyme, lentil, chicken and tarragon, beetroot, goat's cheese, kale and lemon
            pork and apple, sweetcorn, smoked haddock, cauliflower, black bean, lamb and mint
            tomato and basil, asparagus, courgette, cheese and pickle, broad bean, wild garlic, aubergine
            fennel sausage"""
    ),
}

NOUNS: dict[str, tuple[str, ...]] = {
    "loaf": words(
        """loaf, sourdough, bloomer, cob, plait, tin loaf, boule, baguette, focaccia, flatbread, farmhouse
            batard, roll"""
    ),
    "sweet": words(
        """cupcake, bun, tart, sponge, knot, muffin, turnover, traybake, cheesecake, doughnut, roulade
            crumble bar, scone, swirl, drizzle cake, shortbread, cake, galette, flapjack, choux bun
            brownie, puff, loaf cake, teacake, meringue, cookie, pudding"""
    ),
    "savoury": words(
        """pasty, roll, turnover, pie, quiche, tartlet, plait, scone, galette, twist, pinwheel, slice
            parcel, muffin, bap"""
    ),
}

# Pet names: any first word goes with any second, "Grumpy Bishop", "Lucky Postman".
PET_FIRST = words(
    """Grumpy, Lucky, Honeycomb, Moonlit, Sticky, Wobbly, Velvet, Midnight, Sunday, Sleepy, Rumpled
        Golden, Copper, Humble, Dapper, Bashful, Windy, Crusty, Merry, Cheeky, Foggy, Thirsty, Giddy
        Knobbly, Whistling, Barefoot, Sozzled, Tipsy, Jolly, Muddy, Dozy, Rickety, Proud, Plucky, Nosy
        Tuppenny, Ticklish, Thundery, Crooked, Blushing, Runaway, Polite, Smoky, Early"""
)
PET_SECOND = words(
    """Bishop, Hedgehog, Postman, Badger, Otter, Duchess, Lantern, Pigeon, Button, Bonnet, Wicket, Sailor
        Gardener, Kettle, Magpie, Tortoise, Fiddler, Parson, Weathercock, Milkman, Walrus, Bumblebee, Piper
        Barrow, Auntie, Cricket, Dormouse, Admiral, Haystack, Scarecrow, Beekeeper, Ferryman, Puddle, Heron
        Cobbler, Trombone, Thimble, Wheelbarrow, Lighthouse, Snail, Curate, Tinker, Donkey, Brolly, Mermaid
        Marigold, Chimney, Hammock, Slipper, Goose"""
)

ADDED: dict[str, tuple[str, ...]] = {
    "loaf": words(
        """rye, honey, sea salt, toasted oats, cracked wheat, sunflower seeds, cider, olive oil
            caramelised onion, thyme, barley malt, black pepper, rosemary, poppy seeds, stout
            mashed potato, fennel seeds, roast garlic, treacle, stone-ground flour"""
    ),
    "sweet": words(
        """brown butter, orange zest, clotted cream, stem ginger, cinnamon, vanilla, lemon icing
            crystallised violets, sea salt, toasted coconut, demerara sugar, blackberries, cream cheese
            dark chocolate, rum, earl grey, nutmeg, raspberry jam, sour cherries, poached pear, clove
            apple butter, whipped cream, candied peel, cornflowers"""
    ),
    "savoury": words(
        """mature cheddar, mustard, caramelised onion, black pepper, sage, thyme, nutmeg, crème fraîche
            chilli jam, roast garlic, parsley, smoked paprika, horseradish, onion seeds, tarragon, chutney
            piccalilli, ale gravy, lemon zest, fennel seeds"""
    ),
}

GOES_WITH: dict[str, tuple[str, ...]] = {
    "loaf": words(
        """soup, salted butter, marmalade, a boiled egg, strong cheddar, a ripe tomato, last night's stew
            pickles, sardines, jam"""
    ),
    "sweet": words(
        """strong tea, black coffee, a cold glass of milk, cocoa, vanilla ice cream, a good novel, custard
            hot toddies, gossip"""
    ),
    "savoury": words(
        """brown sauce, a pint, pickled onions, green salad, piccalilli, tomato soup, baked beans, cider
            mushy peas, gravy"""
    ),
}

SPANS = words("two days, three days, four days, five days, a week, ten days, a fortnight")
SERVES = words(
    """two, three, four, 4 to 6, six, 6 to 8, eight, ten, 10 to 12, twelve, a crowd of 15, a table of five
        a family of four"""
)
HOURS = words(
    """7 am, 7.30 am, 8 am, 8.15 am, 8.30 am, 9 am, 9.30 am, 10 am, 10.30 am, 11 am, 11.30 am, noon
        12.30 pm, 1 pm, 2 pm"""
)
SESSIONS = words(
    """10 am to 1 pm, 9.30 am to noon, 2 pm to 5 pm, 6 pm to 8.30 pm, 6.30 pm, 7 pm to 9 pm, 11 am
        1 pm to 4 pm, 10.30 am, 9 am to 12.30 pm, 5.30 pm, 7.15 pm"""
)

PEOPLE = words(
    """Nell, Idris, Pim, Marnie, Suki, Otis, Joan, Auntie Vi, Ranjit, Old Tom, Beatrix, Kwame, Mrs Lal
        Dilys, Hamish, Noor, Gwen, Tobias, Mr Petrov, Ottilie, Femi, Rosalind, Uncle Desmond, Yusuf, Agnes
        Lorcan, Priya, Hattie, Wilf, Mei, Ines, Barnaby, Philippa, Kofi, Elspeth, Zaynab, Rufus, Ivy, Cosmo
        Mabel, Jonty, Siobhan, Edith, Arlo, Nadia, Clement, Flora, Ezra"""
)

STREETS = words(
    """Tanner Street, Mill Lane, Sash Street, Lark Row, Quay Parade, Forge Street, Wharf Street
        Castle Street, Pavilion Road, Glover Lane, Bell Yard, Fuller's Row, Ropewalk, Cinder Path
        Sparrow Hill, Chandler Street, Abbey Walk, Weir Lane, Cooper's Court, Orchard Rise, Brewhouse Lane
        Thimble Street, Saddlers' Steps, Station Approach, Gasworks Road, Canal Side, Priory Gardens
        Pump Street, Marsh Road, Hob Lane, Vicarage Road, Bakewell Terrace, Dovecote Lane, Hatter's Yard
        Swan Street, Nutmeg Close"""
)
HALLS = words(
    """Copper Yard Market, the Corn Hall, St Anne's Hall, Abbey Park, the Old Fire Station
        Wrenbridge station, the Lido, the Tithe Barn, the Weavers' Institute, Lock Cottage Green
        the Scout hut, the Buttermarket, Pell Farm, the Bandstand, the Rowing Club, Wrenbridge Library
        the Palm House, the Drill Hall, the Boatyard, St Bride's churchyard, the Walled Garden"""
)
EVENTS = words(
    """fun fair, school jumble sale, allotment open day, brass band contest, charity supper, village fête
        lantern walk, dog show, regatta, book swap, quiz supper, seed swap, plant sale, food day
        choir concert, duck race, tractor rally, folk weekend, street party, chilli festival, craft fair
        village tea, charity swim, tea dance, half-marathon, open gardens, scarecrow trail"""
)
OCCASIONS = words(
    """bonfire night, the first frost, moving day, a rainy half-term, garden parties, the end of exams
        a day off, Mother's Day, Father's Day, Valentine's Day, Pancake Day, Easter weekend
        the bank holiday, Christmas Eve, New Year's Day, harvest, midsummer, Burns Night
        back-to-school week, Halloween, St David's Day, the cup final, a long train ride, a christening
        a lazy Sunday, the village panto, a house-warming, an allotment lunch, the big match, a picnic
        the school play, an anniversary"""
)

BOX_FIRST = words(
    """Rainy Day, New Neighbour, Slow Sunday, Get Well, Thank You, Picnic, Garden Party, Film Night
        Exam Week, Night Shift, Moving Day, Sofa, Birthday Morning, Camping, First Day, Big Match
        Long Weekend, Grandparents', Bonfire, Book Club, Snow Day, Lie-in, Cricket, Allotment, Housewarming
        Stargazer's, Mother's Day, Easter, Bank Holiday, Boxing Day, New Baby, Road Trip"""
)
BOX_SECOND = words(
    """breakfast box, hamper, tea box, supper box, bun box, brunch bag, treat tin, toast kit, cake box
        basket, lunch bag, parcel"""
)
BOX_INSIDE = words(
    """six rolls, a seeded loaf, four iced buns, a jar of damson jam, a pat of butter, a dozen shortbreads
        two cheese scones, a fruit loaf, a ginger cake, eight sausage rolls, a pot of lemon curd
        a bag of granola, five jam tarts, a leek quiche, a flask of cocoa, three cinnamon knots
        a pear tart, a wedge of cheddar, a candle, ten oatcakes, a malt loaf, a marmalade pot"""
)

SKILLS = words(
    """bread-making, croissant-folding, bagel-boiling, pie-crimping, sourdough, plaiting
        gingerbread-house, doughnut, focaccia, choux, scone, hot-cross-bun, cake-icing, pizza-stretching
        flatbread, pretzel-twisting, puff-pastry, macaroon, brioche, tart, pasta-and-bread, cinnamon-bun
        rye-bread, marzipan, wreath-loaf, pasty, biscuit-icing, éclair, babka, crumpet, muffin"""
)
CLASS_FIRST = words(
    """Sunday, Saturday, beginners', rainy-day, family, half-term, cheerful, lazy, first-timers', weekend
        no-nonsense, grown-ups', hands-on"""
)
CLASS_LAST = words("class, workshop, session, lesson, club")
INCLUDES = words(
    """lunch, an apron to keep, tea and buns, all the flour, a starter to take home, a glass of wine
        soup at noon, a recipe card, cake at half-time, a loan of the good knives, coffee on arrival
        a box for the journey home, a jar of jam, supper"""
)
SUITS = words(
    """beginners, nervous first-timers, ages 8 and up, anyone with hands, left-handers too, teenagers
        complete novices, families, old hands"""
)
BRINGING = words(
    """iced buns, cheese straws, leek pasties, ginger parkin, treacle tarts, sausage rolls, lemon drizzle
        seeded rolls, Eccles cakes, cherry scones, pumpkin bread, doughnuts, plum tarts, cinnamon knots
        rhubarb buns, onion bagels, fruit loaves, oatcakes, custard slices, garlic knots, toffee apples
        Welsh cakes, chutney twists, beetroot brownies, hot pies, jam roly-poly"""
)

# Audience -> ways of turning to them; none of these names a fact.
AUDIENCES: dict[str, tuple[str, ...]] = {
    "dog walkers": (
        "The dog can come too, [he's|she's] better behaved than [most of us|the rest of us].",
        "Tie the dog by the bowl and tell [him|her] you won't be long [(you will)|(fib)].",
    ),
    "early commuters": (
        "You've a train to catch, so we'll be [quick|nimble] about it.",
        "It fits in a coat pocket, and it beats [staring at the back of a seat|a cold platform].",
    ),
    "young families": (
        "Small hands first, please, then [jumpers|sleeves] get wiped.",
        "The little ones will want to carry it home. [Let them. Brace.|Bring a cloth.]",
    ),
    "regulars": (
        "You know the drill: your stool, your mug, [our gossip|your usual grumble].",
        "You lot always ask what's next, so [here's next|you're hearing first].",
    ),
    "students": (
        "It counts as revision if you [chew thoughtfully|bring the book].",
        "Kinder than noodles [again|from the pan], and somebody else does the washing-up.",
    ),
    "grandparents": (
        "The grandchildren will say they're not hungry. [Buy spares|Pay no attention].",
        "You'll tell them it was better in your day. [Not this one|Just this once, it wasn't].",
    ),
    "people who work from home": (
        "Your commute is the stairs, so you've [time|legs to stretch].",
        "Close the laptop. [It'll keep|Nobody will notice|Put some proper shoes on].",
    ),
    "new neighbours": (
        "If you've only just found the kettle, [start with us|we'll find you a mug].",
        "You've got boxes to unpack and [we've got lunch|no bread in. We can help with half of that].",
    ),
    "weekend cyclists": (
        "Lean the bike where you can see it and [unclip those shoes|mind the step in those shoes].",
        "You've earned it on the hill. [We won't ask how much of it you walked|All of it, every bend].",
    ),
    "book clubs": (
        "Nobody's finished the chapter, so [bring something to chew over|change the subject deliciously].",
        "It'll get you through the slow bit in the middle[, whatever you're reading|].",
    ),
    "tired parents": (
        "You were up at stupid o'clock. [So were we|We see you, we salute you].",
        "Sit by the window. We'll [hold the baby|keep an eye on the pram] while you use both hands.",
    ),
    "office workers": (
        "Your inbox can wait; [it's been waiting since breakfast|it isn't going cold].",
        "Take one back for the person [who sits by the printer|who always washes the mugs].",
    ),
    "gardeners": (
        "Wipe your boots, or don't. [It's flour or mud in here anyway|We've a mop].",
        "You've been on your knees since [breakfast|the dew]. Up you get.",
    ),
    "night-shift workers": (
        "You're finishing as we're warming up, so [let's call it supper|swap you a yawn].",
        "Breakfast, supper, [who's counting|call it what you like]: it's good at either end of the day.",
    ),
    "market-goers": (
        "Put it at the top of the bag, [above the cabbages|well clear of the leeks].",
        "Do the sensible shopping second. [Potatoes can wait|The carrots won't mind].",
    ),
    "tourists": (
        "Forget the castle for an hour. [It isn't going anywhere|We're warmer].",
        "Lost? Good. [Follow the smell and turn left|You've ended up in the right place].",
    ),
    "picnickers": (
        "Rug, sunshine, wasp, [something good in paper|bun]: you know the order.",
        "It travels well, even under [a cricket bat|somebody's elbow|the flask].",
    ),
    "football parents": (
        "You'll be standing in a field anyway, so [stand there with something warm|eat well].",
        "It won't change the score, but [you'll mind less|it softens the drive home].",
    ),
    "retired teachers": (
        "Marks out of ten on our desk by [the bell|hometime], please.",
        "We've done our homework. [Check the working|You may go to the front of the queue].",
    ),
    "home bakers": (
        "You could make one yourself, and [you'd have the washing-up too|we'd love to hear how it went].",
        "You'll want to know how it's done. Ask. [We're hopeless at secrets|We'll draw you a diagram].",
    ),
    "toast lovers": (
        "Yours is the top shelf of the toaster and [the end of the butter|the crust nobody else deserves].",
        "You've views on how brown is brown. [So have we|Bring them].",
    ),
    "hungry walkers": (
        "Boots on the mat, map on the table, [plate in front of you|and tell us about the stile].",
        "It weighs less than a flask and [cheers you up sooner|lasts about as far as the gate].",
    ),
    "people who skip breakfast": (
        "You say you're not hungry. Your stomach says [something else, quite loudly|otherwise].",
        "Coffee isn't breakfast, [love|whatever they told you].",
    ),
    "allotment holders": (
        "Pay in plums if you like. [We've done stranger deals|Marrows not accepted].",
        "You've got the beans; [we've got the rest of lunch|leave them to climb for an hour].",
    ),
    "choir members": (
        "Good for the throat, [within reason|if you chew]; come in after the last amen.",
        "We'll hum along from the back. [Flat, probably|Sorry in advance].",
    ),
    "choosy aunts": (
        "You've had better? [Come and say so to our faces|Bring it in, we'll swap].",
        "We know you'll inspect the bottom first. [Go on, then|It's been polished].",
    ),
    "birthday forgetters": (
        "It's tomorrow, isn't it? [Breathe|We won't say a word].",
        "You'd have remembered eventually. [This helps|Blame us, say we were sold out].",
    ),
    "couples": (
        "Halve it fairly. [Whoever cuts doesn't choose|You've been together too long to cheat].",
        "Come on your own and say you [couldn't wait|forgot the other half].",
    ),
    "hosts": (
        "Put it on your own plate and [say nothing|accept the compliments]. We never saw you.",
        "Guests coming? Then you've enough to do [hiding the ironing|without rolling pastry].",
    ),
    "school-gate parents": (
        "Get it down you before [the doors open|the bell and the book bags].",
        "One for them, one for you, and [nobody tells the other|yours first].",
    ),
}

CALLS: dict[str, tuple[str, ...]] = {
    "item": words(
        """Come in and try one, Ask for it by name, Ring us to save one, Come early, Order at the counter
            Pop in on your way home, Bring a friend, Message us to put one by, Follow your nose
            Take one home, Pick one up at lunch, Call in before work, Reserve yours by phone
            Tell us what you think, Come and see us, Bring your own bag, Pre-order at the counter
            Grab one warm, Swap your sandwich for one, Come hungry, Knock on the hatch
            Share one with a neighbour, Drop us a line to order, Leave room for one, Join the queue
            Put your name on one, Point at the one you want, Come and say hello"""
    ),
    "box": words(
        """Order at the counter, Order by phone, Reply to this to reserve one, Ring us with a name
            Pre-order by e-mail, Send one to a friend, Put your name down, Tell us who it's for
            Drop us a line to order, Choose your collection day, Give one to a neighbour, Surprise somebody
            Reserve yours by phone, Let us tie the ribbon, Message us to order, Ask at the till
            Pick a day and tell us"""
    ),
    "class": words(
        """Book your place by e-mail, Book a spot, Put your name down at the counter, Ring us to book
            Reserve a place, Sign up at the till, Bring a friend, Message us to join in
            Save yourself a stool, Come and get floury, Grab an apron, Ask at the counter
            Drop us a line to book, Tell us you're coming, Book for somebody you love
            Claim your rolling pin"""
    ),
    "outing": words(
        """Come and find us, Bring a big bag, Stop by our stall, Look for the striped awning
            Follow your nose, Come and say hello, Bring the whole street, Get there early
            Bring change and an appetite, Wave as you go past, Come hungry, Meet us there
            Tell your neighbours, Find the queue and join it"""
    ),
}

EMOJI: dict[str, tuple[str, ...]] = {
    "loaf": ("🍞", "🥖", "🌾", "🧈"),
    "sweet": ("🧁", "🍰", "🍯", "☕", "😉"),
    "savoury": ("🥧", "🧀", "🥐", "😉"),
    "box": ("🧺", "🎁", "🥐", "🍞"),
    "class": ("🥣", "🥐", "🍞"),
    "outing": ("☀️", "👀", "🥧", "🌳"),
}
