"""The bakery's sentences. `{slot}` is filled from the brief; `[this|that|]` picks one, and may nest.

Slots: {the} {our} {a} {full} are the product's name with its article, {noun} is what it is; {price} {when}
{where} {added} {by} {order} {qty} {does} {diet} are phrases that hold a fact's value; a slot written
{^so} starts a sentence. Lines that name no slot are colour, and say nothing that a brief could contradict.
"""

from __future__ import annotations

from reviews.demo.bakery_words import lines

# --- one fact in one sentence ----------------------------------------------------------------------

FACTS: dict[str, tuple[str, ...]] = {
    "price": lines("""
        It's {price}[, crumbs thrown in|, paper bag included|, and no funny business|].
        [The damage|The price|What it costs]: {price}[. We've seen worse|. Painless|].
        [Yours|It's yours] for {price}, [and a nod|with a smile if you can spare one|manners optional].
        You'll want {price} in your [pocket|glovebox|good hand], [coins or card|whichever side you keep it].
        On the ticket it says {price}, in [somebody's best|very small, apologetic] handwriting.
        {^price}. [That's it|No catch|There, that wasn't so bad].
        The till says {price}, [and it has no imagination|and it's never been known to haggle].
        All it asks is {price} and [a clean plate|a bit of respect|your full attention].
        [For|At] {price} you can [afford to be generous|try it and report back|skip the arithmetic].
        We [did the sums|licked the pencil|scratched our heads] and it came to {price}.
        [Price|Cost]? {^price}, [since you ask|if you were wondering|now you mention it].
        Slide {price} across the counter and [it's yours|we'll do the rest|off you go].
        The chalkboard has it at {price}[, smudged but true|, underlined].
        That's {price}, [or about as long as it takes to find your purse|and worth the walk].
    """),
    "class_price": lines("""
        It's {price}, [flour included|apron on loan|giggling free].
        A stool costs {price}, [and it's a good stool|with a view of the oven].
        {^price}, and [you keep what you make|that's the lot, start to crumbs].
        The price is {price}[. You supply the elbows|. We supply the broom].
        For {price} you get [the table, the teaching and the tea towel|a warm room and somebody to laugh \
            with].
        You pay {price} and [we sweep up|nobody asks you to wash a tin].
        We've kept it to {price}, [washing-up excluded, because we do that|so you can bring somebody].
    """),
    "when": lines("""
        [Look for it|You'll find it|It's here|It appears|Catch it] {when}[, bright-eyed|, weather or no \
            weather|].
        {^when}: [write it on your hand|tell the fridge|tie a knot in something].
        It [comes out|goes on the shelf|makes its entrance] {when}, [to polite applause|no drum roll \
            needed|still ticking as it cools].
        When? {^when}[, and not a minute sooner|, give or take a yawn|].
        You can [have|hold|sniff] it {when}, [which gives you time to buy butter|so clear a space on the \
            worktop].
        {^when} we'll [have it out|be putting it out] and you'll be [pretending you were just \
            passing|first, we hope].
        Be here {when}, [slippers allowed|hair optional|with or without an excuse].
        It's all happening {when}, [so that's your plan sorted|and yes, that's us being organised].
        We'll [open the door|ring the bell|turn the sign round] and there it'll be {when}.
        [Pencil|Ink] it in: {when}.
        It lands {when}, [softly|with a thump], like [the cat off the wardrobe|a letter you wanted].
    """),
    "class_when": lines("""
        It's {when}, [and the kettle goes on first|so you've time to find your apron].
        {^when}: [that's your evening, morning or whatever it is, sorted|clear the diary, hide the phone].
        We start {when}, [or once everyone's found a hook for their coat|when the last apron's tied].
        Be there {when}, [hungry|in something washable|with your hair tied back].
        It happens {when}, [come rain or cold oven|and it goes quicker than you'd think].
        When? {^when}, [on the dot-ish|with a bit of slack for the bus].
        Turn up {when} and [follow the laughing|we'll find you a place].
        Put a ring round it: {when}.
    """),
    "outing_when": lines("""
        We're there {when}, [setting up in the dark|with the lids off].
        {^when}, [that's your outing sorted|leave a gap in the diary|and we'll be early for once].
        It's all happening {when}, [whatever the sky does|and it's over before you've found your hat].
        When? {^when}. [Bring a coat|Tell the cousins].
        You'll find us [there|at it] {when}, [warm tins, cold toes|ready or not].
        The fun starts {when}[, and so does the queue|, tongs at the ready].
    """),
    "plain": lines("""
        {^plain}[, and that's that|, we mean it|, in case you're wondering].
        It's simple: {plain}.
        {^plain}. [Couldn't be easier|Shake on it|Our word on it].
        [Top tip|One tip|A tip]: {plain}.
        [Remember|Don't forget]: {plain}.
        And {plain}, [if you can get through the crowd|says the sign].
    """),
    "where": lines("""
        [You'll find it|Look for it|It's waiting|It's yours to find] {where}[, behind the steamy glass|, \
            just follow the smell|].
        {^where}, [that's the place|you can't miss it|look for the crumbs].
        Where? {^where}. [Follow your nose|Bring your feet].
        We'll be {where}, [waving a tea towel|stamping our feet|the ones with flour on].
        Head for {place}, [nose first|and turn towards the queue|and ask anyone].
        You want {place}, [and then you want a plate|not the one next door].
        It's {where}, [where the pigeons know us by name|where the pavement always smells of something].
        Come to {place} and [bring a bag|say we sent you|mind the step].
        We've set up {where}, [with the good tablecloth|between the drizzle and the pigeons].
        The spot is {place}, [the bit that smells best|and parking's a matter of luck].
    """),
    "added": lines("""
        It's {added}, [which sounds odd until you try it|and you'll taste both|in that order].
        {^added}, it [sighs when you cut it|holds its own|makes the kitchen smell like a good mood].
        We've [kept it simple|not been shy]: it's {added}.
        [Inside story|The secret]: it's {added}. [Don't tell the others|There, now you know|Some secret].
        Because it's {added}, [it doesn't need much else|people guess and get it wrong|the smell arrives \
            before you do].
        It's {added}, [like all the best ideas|and no, we didn't measure with a light hand].
        {^added}: [you try leaving that alone|that's the whole trick].
        Being {added}, it's [rather sure of itself|no wallflower|bold but never rude].
    """),
    "by": lines("""
        It's {by}, who [hums|whistles|mutters] the whole time.
        {^by}, [and you can tell|before most of us had found our socks|with the radio up].
        Each one's {by}, [sleeves up, tongue out|no two alike|and none of them in a hurry].
        This one's {by}, so [be kind|say something nice|compliments that way, please].
        It's {by}, [and we've stopped asking how|and there's no stopping that now|which explains the grin].
        Every crumb of it is {by}, [who'll deny it|and it shows].
        You should know it's {by}, [because somebody deserves a wave|and that they're blushing].
    """),
    "class_by": lines("""
        It's {by}, who's [patient|kind] and has [seen worse|a mop].
        {^by}, it's [calmer than you'd think|more laughing than lecture].
        You'll be in good hands: it's {by}.
        It's {by}, and there are [no silly questions|silly questions, and they get answers].
        Being {by}, it [never starts without tea|runs late for the best reasons].
    """),
    "order": lines("""
        Do {order}[, there's a love|, it helps us sleep|, so we know how many eggs to crack].
        Please {order}, [or you'll be watching somebody else eat it|because dough can't be hurried|and \
            we'll write your name in flour].
        If you {order}, [it's yours|we'll guard it with our lives|nobody gets upset].
        [One thing|A favour]: {order}.
        Best to {order}, [unless you like living dangerously|before the list goes wobbly].
        You'll need to {order}, [says the pencil behind our ear|so shout soon].
        {^order} and [sleep soundly|consider it tucked away|we'll do the fussing].
    """),
    "qty": lines("""
        There'll be {qty}, [and then there'll be crumbs|and no amount of sighing makes more|so you do the \
            maths].
        {^qty}: [we counted|that's all the tray holds|the oven has spoken].
        Call it {qty}, [because the oven's only so big|which is fair, and over quickly].
        We've got {qty}, [and a lot of friends|which won't trouble this street for long].
        The count's {qty}, [not including the one we ate|and Doris can't be rushed].
    """),
    "class_qty": lines("""
        There are {qty}, [all with elbow room|one of them next to the radiator].
        {^qty}: [the table isn't elastic|any more and we'd be kneading each other].
        We keep it small: {qty}.
        It's {qty}, [so nobody gets stuck by the bins|and then we're all touching knees].
    """),
    "does": lines("""
        It {does}, [since you ask|and we're proud of that|bless its heart|in case you wondered].
        It {does}[. Handy, that|. Clever thing|. You can't say fairer].
        And it {does}, [which is more than we do|which is a fine thing in a {noun}|quietly].
        Good to know: it {does}.
        It also {does}, [and doesn't make a fuss about it|without being asked].
        Best of all, it {does}.
        [What's more|On top of that], it {does}[, bless it|].
    """),
    "diet": lines("""
        It {diet}. [The book by the till has the rest|Ask if you're unsure, nobody will sigh].
        [For the record|Serious bit|Straight face]: it {diet}.
        It {diet}, so please ask us if you need to.
        Do note that it {diet}. [Any worries, just ask|We'd rather you asked].
        It {diet}; the allergen book's by the till.
    """),
    "occasion": lines("""
        It's [just right|made|the very thing] for {occasion}.
        [It's all for|Call it our way of marking|Think of it as a small hurrah for] {occasion}.
        {^occasion} [calls for it|wouldn't be the same without it|needed something in the middle of the \
            table].
        [With|What with] {occasion} [coming round|in mind], we [couldn't not|got ideas].
        [Let|We'd like] {occasion} [smell|to smell] this good [for once|every time].
    """),
    "bringing": lines("""
        We're bringing {bringing}, [and a cloth to hide the spares|plus the big tin].
        There'll be {bringing}, [stacked like a bad idea|and somebody guarding them].
        Expect {bringing}, [in no sort of order|warm side up].
        The van's full of {bringing}, [so drive behind us if you like|and one nervous driver].
        On the table: {bringing}.
    """),
    "inside": lines("""
        Inside there's {inside}, [packed by somebody who cares about corners|and not a sprig of parsley in \
            sight].
        You lift the lid and it's {inside}, [top layer first, please|all at once].
        We've tucked in {inside}, [and a napkin you won't use|with paper between the arguments].
        What's in it? {^inside}.
        It holds {inside}, [snug as you like|with room for one more idea].
    """),
}

# --- two or three facts in one breath --------------------------------------------------------------

CARRIERS = lines("""
    [Here's the plan|The plan]: {facts}.
    {^facts}[. Lovely|. Sorted|. Easy|. That's the long and short of it].
    [In short|Briefly|The short version], {facts}.
    [All you need to know|The bits to remember|The useful bit]: {facts}.
    [Scribble this down|One for the back of your hand|For the fridge door]: {facts}.
    [So|So then|So, to be clear]: {facts}.
    {^facts}, [and that's a promise|in plain English|and not one word of it made up].
    [The chalkboard reads|On the chalkboard]: {facts}.
    [Details, such as they are|Practical stuff, before we wander off]: {facts}.
    You want the [facts|nuts and bolts|sensible part]? {^facts}.
    [Say it with us|Repeat after us]: {facts}.
    [Details, details|Right, details]: {facts}.
    [Got a pen|Pen ready|Are you sitting down]? {^facts}.
    {^facts}[: that's your lot|: what more do you need|, and the rest is chewing].
    [Before you ask|Since you'll ask]: {facts}.
    [Straight from the baker's mouth|According to the sleeve of the baker]: {facts}.
    [Learn this by heart|Hum this on the way]: {facts}.
    {^facts}. [Got that|All clear|Any questions]?
    [On the back of an envelope, we wrote|The note on the till says]: {facts}.
    [First the sensible bit|A bit of sense, quickly]: {facts}.
    {^facts}[, as sure as eggs|, no ifs, some butter|, and now you know].
    We'll give it to you straight: {facts}.
    {^facts}: [it's not complicated|copy that down|learn it by heart].
    [It goes like this|Here's how it goes]: {facts}.
    [Small print, large letters|The grown-up bit]: {facts}.
    {^facts} ([yes, we checked|there'll be a quiz|the pencil doesn't lie]).
""")

# --- colour: no facts, one idea each ---------------------------------------------------------------

COLOUR: dict[str, tuple[str, ...]] = {
    "item": lines("""
        The first bite's [yours|for you]; the second [belongs to whoever's standing nearest|usually goes to \
            the dog].
        You can try to walk home without [opening|peeking in] the bag, and [good luck to you|people have, \
            apparently].
        The bell over the door hasn't stopped since we put the tray out, and [neither have we|it's getting \
            a bit hoarse].
        Put it on [a plate|the good plate|a bit of kitchen roll], put your feet up, and [let somebody else \
            answer the phone|tell the world you're out].
        It's the kind of thing you buy for [the family|a friend] and [eat on the bus|finish at the kerb].
        Take the [corner|end] bit. [You've earned it|Always take the corner bit|We would].
        The [twins from the corner gave it a nod, and they're|lad at the bus stop gave it a nod, and \
            he's|man with the ladder \
        tipped his hat to it, and he's] not given to [nodding|opinions|fuss].
        We like it best standing up, by the back door, [talking over each other|before anyone thinks to \
            find a knife].
        There's a [stool|bit of sun] by the window and a [kettle that never quite goes off|newspaper with \
            the crossword half done].
        You'll get crumbs on your [jumper|lap|keyboard]. [Wear them with pride|That's how we know you|Brush \
            them off outside, the sparrows are waiting].
        It [won't change the world|can't mend the boiler], but it's very good for the next [few minutes|bit \
            of the afternoon].
        Nobody on this street can keep a secret, [least of all with their mouth full|so you'll have heard].
        The paper bag goes [see-through|warm] in your hand, and you walk [a bit faster|with a bit more swing].
        Ours isn't [tidy|neat]. It [leans|wobbles] a bit, the way [honest|homemade] things do.
        You'll hear the crunch from [over the road|the launderette].
        We tried it on [the neighbours|the queue] and they [asked for the rest of the tray|stopped talking, \
            which is unheard of].
        There's always one person who says they [couldn't possibly|only came in for milk]. [There's always \
            a plate for them too|We wait].
        It goes down well with rain on the window and [nowhere to be|somebody to moan to].
        Somebody will ask you for [a bit|half]. [Look away|Be strong|Pretend it's the last of the spinach].
        [Eat it on the bench|Have it on the step] and you'll have met [half the street|three dogs and a \
            baby] by the end.
        It's not fancy. It's just [right|good], in the way that [dry socks are right|a front-door key is \
            good].
    """),
    "loaf": lines("""
        The crust [sings|crackles|chatters] as it cools, and if you put your ear close [it's mostly good \
            news|you'll hear what we mean].
        Toast it till the edges [catch|go dark], then butter it [to the very corners|like nobody's counting].
        Doris, our starter, did the hard work overnight, [bubbling away like a gossip|and she wants you to \
            know it].
        It slices [like a dream|thick or thin], but [tear it|pull a bit off] if you're in company you trust.
        The crumb's [open|soft] and the crust [puts up a fight|means business], which is [how we like our \
            neighbours, too|the right way round].
        [Heel or middle|Crust or crumb]? [Marriages have wobbled over less|Choose your side and stay there].
        You'll want [butter|proper butter], and then you'll want [more butter|a minute alone].
        By tomorrow it'll make toast that [brings people downstairs|gets teenagers out of bed].
        Give it [a tap on the bottom|a knock underneath]: it should sound like [somebody's in|an empty \
            cupboard].
        [Flour, water, salt, time|Just dough and patience], and a baker who [won't be rushed|sings to it. \
            Badly].
        Sandwiches sit up straighter in it, [and so will you|we find].
        It stands on the board like [a small brown hill|the head of the family], and everybody [gathers \
            round|wants the knife].
    """),
    "sweet": lines("""
        It's [sweet|soft] without being [soppy|silly], with [edges|corners] that stick to your teeth [in \
            the nicest way|and your memory].
        You'll want a fork. [Then you won't|Then you'll lose patience|Fingers work too].
        There's sugar on [the counter|your chin], sugar [on the cat next door|in the till], and [no point \
            in dusting|somehow none on the floor].
        It melts [a little|slowly], then it [bites back|makes you shut your eyes], then it's [over too \
            soon|gone and you're looking at the plate].
        Icing's [a bit wonky|on the generous side], because [we were laughing|nobody stopped us].
        Teatime's [a flexible thing|wherever you put it]. [We've had ours|Start now].
        It wobbles when you [look at it|carry it], so [walk like a waiter|two hands, no skipping].
        [Lick the paper|Run a finger round the wrapper]. [We've turned our backs|It's that sort of shop].
        The [kettle|pot] knows what's coming. [So does the good cup|It's practically pouring itself].
        You get the crisp bit, then the soft bit, then [the bit you didn't see coming|a long, quiet sigh].
        [Pudding before lunch|Cake at breakfast] isn't a crime here. [We've looked it up|It's more of a \
            house rule].
        It smells like [the last day of term|being let off homework|somebody's nan has just left the room].
    """),
    "savoury": lines("""
        Pastry goes [everywhere|up your sleeve]. [That's how you know it's proper|Lean forward].
        It's [hot in the middle|hotter than you think], so [blow first|count to ten and then don't wait].
        Eaten [walking|on the hoof], it'll [keep your hands warm|see you past the library]; eaten sitting, \
            it [wants a napkin|won't last the page].
        Your [fork|knife] can have the day off. [Hands, please|It was made to be held].
        Flaky on top, [saucy underneath|steady at the base]: [remind you of anyone|we've all had that boss]?
        A proper lunch should [drip a bit|need both hands and half your attention].
        The steam comes out of the top [like a little train|in a curl], and [people follow it|that's your \
            lunch leaving the station].
        It's [filling|solid] in the way a [good handshake|well-built wall] is.
        [Leave the sandwich in the drawer. It'll understand|Give your sandwich to the gulls. They're not \
            proud].
        There's [crunch|crackle], then there's [gravy|goo], then there's [quiet|you, smiling at a bin].
        [Cold|Grey|Drizzly] outside? [Not from where you're standing, with that in your hand|You'll not \
            notice by the second mouthful].
    """),
    "box": lines("""
        [Leave it on a doorstep|Hide it under your coat], ring the bell and [run like you're nine|look \
            innocent].
        We tie it with string, [properly|tight], so you can [swing it|carry it] and look like [somebody in \
            a film|good news].
        There's nothing to [heat|whisk|peel]. You [lift|open], you [point|choose], you [argue over the last \
            one|sit].
        It's heavier than it looks, [like all the best presents|so swap hands at the crossing].
        Put it in the middle of the table and [stand well back|watch who goes first].
        [Crumbs|String] in the car are [part of it|inevitable]. [We don't do refunds on upholstery|Blame \
            the passenger].
        You don't have to share. It's only [a box|got room for one spoon].
        [Children|Visitors] shake it. [Don't let them|It forgives a little shaking, not a lot].
        We've been known to [slip in|sneak in] a little something extra, [if we like the name on the \
            label|but we'll deny it].
        Somebody [always cries|goes pink], in a good way, and then [asks for a plate|the kettle goes on].
        It goes on a [lap|picnic rug], a [desk|windowsill], the bonnet of a car; [it's not proud|anywhere \
            flat will do].
        [There's thought in it|It's got some heft], not just [paper|padding]: somebody here asked what \
            [you'd want on a bad day|they'd like to open].
        You'll hear [rustling|a gasp], then [nothing at all|an argument about halves], then [the phone|a \
            thank-you with its mouth full].
        [No card needed|You needn't write much]. It [speaks for itself|says it all], quite loudly, [in \
            butter|with its lid off].
        [Keep the box|Save the ribbon]; it's good for [letters|kittens|more cake].
        Write the label yourself or [let us|leave it to Joan], who has [lovely handwriting|opinions about \
            spelling].
        [Inside, everything's|It's all] wrapped by hand, and [the hand was warm|by somebody humming].
    """),
    "class": lines("""
        You'll get it wrong a bit, then [right|nearly right], then you'll [show strangers photographs|be \
            unbearable for weeks].
        There's [tea before|a biscuit before], cake [during|halfway], and the sort of talk you only get \
            [when everyone's hands are busy|over a floury table].
        [Bring nothing|Just bring yourself], wear [something you don't love|old sleeves], and [mind the \
            step|hang your worries on the hook].
        The dough has to rest in the middle, [and so do you|which is when the stories come out].
        You take home what you make, [lumps and all|even the ugly one, especially the ugly one].
        [Nobody's|No one's] good at it for the first bit. Then something [clicks|puffs up] and you [laugh \
            out loud|want to ring your mum].
        The radio's on, the oven's ticking, and [somebody always sings|there's flour in places you'll find \
            next week].
        [We don't do|There's no] shouting and no [scoring|weighing people up]. Just [a table, some butter \
            and a bit of nerve|hands in, heads down].
        It'll be warm in there, [so layers|so don't wear the big jumper].
        [By the end|By the last tray] you'll know everyone's name, and [whose bun burnt|who hides the \
            chocolate].
        [Everyone|Somebody always] brings a story about a [grandmother|disaster], and [by the last tray \
            we've heard the lot|not a word of it is true].
        [Ask|You can ask] anything, even the [daft|embarrassing] ones; [we've heard dafter|that's how the \
            baker started].
        You'll [learn to listen|find out why you tap the bottom and what it says back|stop being afraid of \
            the oven door].
        One hand for the [bowl|dough], one for the [spoon|biscuit]: [that's the whole theory|you'll manage].
        Your [phone|watch] stays in your [coat|bag], because nobody wants [dough in the buttons|to find \
            that at the bottom of a bowl].
        [The table's old, the tins are older|Nothing matches, not even the stools], and [the tea's always \
            fresh|that's why it feels like home].
        There'll be a moment when it [all goes wrong|sticks to everything]. [That's the lesson|Breathe, add \
            flour, carry on].
        You'll sleep [well|like a log]; [kneading does that|it's the good kind of tired].
        [We'll|We] do the washing-up, [which is love, really|and we won't sigh about it].
    """),
    "outing": lines("""
        We'll have the [wobbly table|striped awning] up and [a flask on the go|flour on somebody's nose \
            already].
        If it rains we'll [huddle|budge up]; if it shines we'll [melt a bit|complain about that instead].
        [Bring the dog|Bring your mum], bring [a friend|a bag], bring [your second-best manners|somebody \
            who owes you lunch].
        There's [no hurry|no rush], but there is [only one best corner of the tray|a man who buys by the \
            dozen].
        [We'll wrap it|It'll be wrapped] in paper, you'll say you're saving it, and [we'll all pretend|the \
            band will play on].
        You'll hear us before you see us; [it's the laughing|somebody always drops the tongs].
        The [wind|breeze] takes the napkins, the [toddlers|ducks] take the crumbs, and [you take the \
            rest|everyone's happy].
        [Somebody's|There's always a] grandad will tell you [the right way to eat it|how much it cost in \
            his day]. [Nod|Let him].
        We sell from the [front|left], gossip at the [back|right], and [you're welcome at either|the flask \
            lives in between].
        [Say|Shout] hello even if you're [full|on your way to the tombola], because [we like the \
            company|it's a long day in an apron].
        The [tins|trays] clatter, the [kids|dogs] come running, and [that's our advertising|off we go].
        If we look [tired|dusty], it's because we've been up [all night|since the foxes], and [we'd do it \
            again|it was worth every yawn].
        You'll want both hands, so [put the goldfish down|win the teddy afterwards].
        There's grass to sit on, [a wall to lean on|and a band, of sorts], and [nobody in a suit|not a \
            spreadsheet in sight].
        [Last to leave gets|Help us fold the table and you get] the [broken ones|bag of bits], which are \
            the [best|nicest] anyway.
        The tent pole's [held up with string|on loan], the buns are [perfect|not], and that's [our \
            priorities for you|as it should be].
        Come for [a look|a wander], stay for [a sit on the grass|the raffle], go home [with flaky pockets|a \
            bag heavier].
        [Everyone|Anyone] you've been meaning to talk to will be [in the queue|there, holding a bun].
    """),
}

PUNCHES = lines("""
    Worth [it|the walk].
    You've been [warned|told].
    [Off you trot|On you come].
    Simple as [that|toast].
    No fuss.
    [We don't mind|We won't judge].
    Don't [think too hard|overthink it].
    [Honest|Hand on heart].
    Mind your sleeves.
    Funny how that works.
    [We checked|We looked].
    Tell a friend. Or don't.
    So there.
    And breathe.
    There, we've said it.
    Best not argue.
    You'd do the same.
    No wonder we're [smiling|humming].
    Chin up.
    [Kettle on|Kettle first].
    That's the spirit.
    [Not bad|Not too shabby], is it?
    [Proper|Good] stuff.
    Ask [around|anyone].
    Nothing [fancy|clever].
    You'll [see|thank us].
    It's that [kind of|sort of] [street|day].
""")

ITEM_PUNCHES = lines("""
    Trust the crust.
    Napkins provided.
    That's [lunch|breakfast|teatime] sorted.
    [Bliss|Heaven], in a paper bag.
    [Plates are|Cutlery's] optional.
    [Blame|Thank] the oven.
    [Crumbs|Butter] happen[|s to the best of us].
    Chew slowly.
    [Sniff|Poke] it, go on.
""")

# An aside after a line of colour, and one after a line that holds facts.
WINKS = lines("""
    ([we saw you looking|don't pretend you weren't|you know who you are])
    ([nobody has to know|our lips are sealed])
    ([the dog agrees|ask the dog])
    ([you'll see|wait and see])
    (so the [queue|bench] tells us)
    ([we're biased|of course we'd say that])
    ([don't quote us|not that we've counted])
    (our mothers [agree|say so])
    ([ask anyone|ask the postman|the launderette will back us up])
    (well, [nearly|almost|on a good day])
    ([long story|don't ask])
    (the [bell|kettle] told us)
    ([it's been known|we've seen it happen])
    ([we would, too|guilty as charged])
    ([trust us|no, really|hand on heart])
    ([you'd be surprised|you wouldn't believe who])
    (it's [that sort of|a funny old] street)
    ([we've witnesses|there's a photograph])
    ([some of us learned the hard way|we've all been there])
""")

FACT_WINKS = lines("""
    ([yes, we checked|checked and checked again])
    ([there'll be a quiz|questions at the end])
    (it's on the [chalkboard|fridge] [too|in pink])
    ([write it down|you'll forget, we know you])
    ([no, we couldn't believe it either|we had to ask again, too])
    ([blink and you're hungry|don't dawdle])
    ([same as we told your mum|the postman knows, so everyone does])
    (we've [underlined it|said it out loud, so it's true])
    ([tell the others|pass it on])
    ([ink, not pencil|pencilled, inked, iced])
    ([bring a witness|your neighbour's going])
    ([there, that's the serious bit|sensible bit over])
    ([don't look at us like that|we're as pleased as you are])
    ([you heard|you read that right])
""")

# --- the ask ---------------------------------------------------------------------------------------

ASKS = lines("""
    {call}, [would you|won't you]?
    {call}. [We'll keep a light on|We'll put the kettle on|We'll do the rest|The bell's expecting you|We \
        don't bite].
    {call}, [before the neighbours do|before somebody's uncle does|and be quick about it, or don't].
    [Go on|Well, go on]: {lcall}.
    So {lcall}[, and bring that smile|, and tell us about your week|, whatever the weather|].
    [You could always|You might just|May we suggest you] {lcall}.
    [If you ask us|Here's a thought|Just an idea]: {lcall}.
    [And then|After that], {lcall}. [It's the law of the lane|Everyone else has|That's how friends are made].
    {call}: [a fine plan|you've had worse plans|no finer plan exists].
    You [know what to do|know the drill]: {lcall}.
    [Don't take our word for it|Don't just stand there|See for yourself|Only one thing left]. {call}.
    [The sensible thing is to|Nothing for it but to|All that's left is to] {lcall}.
    Do {lcall}. [It's dull without you|We like the company|We mean it].
    {call} and [we'll both feel better|that's the day mended|we'll say no more about it|leave the rest to us].
    Shoes on. {call}.
    [What are you waiting for|Fancy it|Tempted|Sound good]? {call}.
    {call}, [love|neighbour|friend], [and thank us later|you won't be sorry].
    [Our advice|Top tip|A word in your ear]: {lcall}.
    {call}, [even if it's only to say hello|rain or shine|with crumbs on your chin if need be].
    Don't be shy: {lcall}.
    Then {lcall}[. Easy|. Lovely|, and you're done|].
    [Now|Right], {lcall}. [Quick march|Chop chop, gently].
    Why not {lcall}? [It's a nice walk|You've nothing on|Your feet know the way].
    Please {lcall}; [we've tidied up specially|we've saved you a bit of counter|the bell gets lonely].
""")

CLOSERS = lines("""
    [See you at|We'll be behind] the counter, [dusty|yawning] but pleased to see you.
    You know where we are. [We're the warm bit|Follow the sparrows].
    [We'll leave the door on the latch|The bell's ready], [floury hands and all|for when you are].
    Mind how you go, [and mind the crumbs|and come back hungry].
    [That's us|That's all from us]. Back to the [oven|dough], [sleeves first|before it sulks].
    We'd better go: something's [beeping|rising].
    Right, [the timer's gone|that's the oven]. See you soon, [hungry|crumbs and all].
    [Save us a smile|Give us a wave], won't you?
    The rest's up to you and [your appetite|the bus].
    No pressure. [Just butter|Only steam].
    If you smell it, [you're close|we've left the window open on purpose].
    We'll say no more. [Our mouths are full|It'd spoil it].
""")
