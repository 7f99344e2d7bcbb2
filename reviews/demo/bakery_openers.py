"""How the bakery begins: first lines that name the product, and the subject lines of e-mails.

The slots and the `[this|that]` choices are those of `bakery_phrases`.
"""

from __future__ import annotations

from reviews.demo.bakery_words import lines

ITEM_SHORT = lines("""
    [Psst|Oi, you|Excuse me]. {^the}.
    {^full}: [say it slowly|say it twice|try saying it with your mouth full].
    There's {a} on the [top|second|middle] shelf and it's [looking at you|got your name on it|not hiding \
        very hard].
    [Big day|Long day|Grey day|Bad hair day]? {^full}.
    [Somebody|One of us|The whole night shift] got carried away. [Result|Outcome]: {the}.
    Make way for {the}.
    Knock knock. Who's there? {^full}.
    {^the} has [landed|risen to the occasion|come out of its shell|left the oven in a good mood].
    [Today's|The] excuse for leaving the house: {the}.
    [What's|Guess what's] that smell? {^our}, [thanks for asking|since you ask|fresh out].
    You, us, {the}.
    [Warm|Steaming], [golden|crackling], slightly [smug|lopsided|full of itself]: {our}.
    Left a gap at [breakfast|lunch|elevenses|teatime]? {^the} fits.
    [Hands up|Elbows out|Forks ready|Sleeves up] for {the}.
    We've been [humming|grinning|whispering] about {the} all week.
    [Plain|Dull|Sad] [lunchbox|desk|afternoon]? Nothing {a} can't [mend|sort|put right].
    Look what the [night shift|oven|baker's cat] dragged in: {our}.
    {^a} [never hurt anybody.|would be nice, wouldn't it?|and a sit-down. That's the plan.]
    [Rain|Wind|Drizzle] forecast. So is {the}.
    Some [days|mornings|weeks] need {a}.
    [Good|Cracking|Happy] news for [elbows, jumpers and crumbs|people with butter in|pockets of all sizes]: \
        {the}.
    Meet {the}. [It's shy|It doesn't bite|Mind, it crackles].
    If {the} were a neighbour, you'd [lend it your ladder|have its spare key|feed its cat].
    [Cancel|Postpone|Hold] the [diet of cold toast|cereal|biscuits]. {^our} is [here|out|on the rack].
    The bell's gone, the tray's out, and on it: {the}.
    [Hot tray coming through|Mind your backs|Budge up a bit], it's {the}.
    We put {the} in the window and [the window steamed up|three noses appeared on the glass].
    {^full}. [Yes, really|There, we've said it|No, we didn't make the name up. Well, we did].
    A [small|modest|floury] announcement: {the}.
    Your [coat|bike|dog] says it fancies a walk. [We say|Funny, that]: {the}.
    [Butter|Plates|Kettle] at the ready for {the}.
    Tell nobody about {the}. [Fine, tell everybody|All right, one person].
    Fresh gossip and {a}: [we've got both|take your pick|both still warm].
    [Lost|Wanted|Missing]: one [owner|good home|person with a plate] for {the}.
    [Ta-da|Here we go|Right then]. {^the}.
""")

ITEM_LONG = lines("""
    There's a moment, just after the oven door opens, when [nobody says anything|even the radio goes \
        quiet]. This time it was {the}.
    You know [that feeling when|how it is when] you walk past a bakery and your feet [turn in|stop] without \
        asking? Blame {the}.
    [It began|It all started|This began] with [an argument|a dare|a wrong turn on the recipe card|a bet \
        over washing-up] and it ended with {the}.
    We weren't going to make {a}, and then [somebody left a bag on the step|the weather turned|one of you \
        kept asking].
    {^the} took [longer than the shed|most of a week and all of our patience|more goes than we'll admit to].
    [Some|A few] people collect stamps. We seem to collect reasons to make {a}.
    If you'd [looked in|put your head round the door] at dawn you'd have seen [a grown-up dancing|us both \
        clapping] in front of {the}.
    [Every|Any] street needs a [reason to talk|bit of news]. Ours, this time, is {the}.
    Close your eyes and think of [your gran's kitchen|a warm kitchen|the last good day of the holidays]. \
        Now open them: {the}.
    The [chalkboard|board outside] says it in [wobbly|very pink|rather proud] letters: {the}.
    [Nobody|No one] plans to fall for {a}. You're [just buying milk|only posting a letter], and then there \
        it is.
    We'd like to talk to you about {the}. [It's good news|Sit down if you like|This won't hurt].
    {^our} [came out of the oven|appeared on the rack] with a [crackle|sigh], like somebody taking off \
        tight shoes.
    Have you met {the}? [You'd remember|You'd get on|You'd have crumbs].
    There was flour on the ceiling by the time {the} [came right|was done], and we still can't [reach \
        it|explain it].
    Ask anyone on the bench outside and they'll [point you to|bend your ear about] {the}.
    [The postman|Our neighbour from the launderette|The lad from the bus stop] tried {the} first and \
        [missed his round|forgot what he came for|went very quiet].
    [Once in a while|Every so often] the oven gives you something back. [Lately|This time] it gave us {the}.
    Between you and us, {the} wasn't [supposed to work|meant to come out this well].
    [Picture|Imagine] the [kitchen table|back step|garden wall], the [good plate|big mug], and {a}.
    Here's [a thing|something] we've learned about {the}: [it doesn't last|you can't eat it with gloves \
        on|people go home by the long way with it].
    [We've all|You've] got one friend who turns up, makes everything better and leaves crumbs. Ours is {the}.
    You asked for {a}. [You asked nicely|You asked twice|You wrote it on the chalkboard], so we've stopped \
        pretending not to hear.
    [Not to boast|We're not ones to brag], but {the} [made the window cleaner cry|stopped a bus, nearly].
    On paper, {a} [is a simple thing|shouldn't keep a person awake]. On the tray, [well|it's another matter].
    The trouble with {the} is that [you start off sharing|somebody always wants a corner of yours|it won't \
        wait for you to sit down].
    It was raining, the [radio was on|kettle was off], we'd [run out of things to say|an hour to spare], \
        and so: {the}.
    [Good|Nice] things come to those who [dawdle|loiter by the hatch|press the bell]. [Exhibit|Our proof]: \
        {the}.
    There's a [queue|little crowd] at the shelf where {the} lives, and it's [getting friendly|swapping \
        recipes].
    Don't be fooled by the looks of {the}. [It's softer than it seems|It has hidden depths, mostly butter].
    [Our|The] oven has moods. When it's in a good one you get {the}.
    We've put {the} at [eye level|the front], because hiding it felt [unkind|cruel].
    It's hard to be [cross|gloomy|grown-up] about anything while you're holding {a}.
    Last night, [while you were asleep|long after the pubs shut], we were up to our wrists in {the}.
    {^the} is [back to front|a bit like us]: soft in the middle, [loud at the edges|crusty before \
        breakfast], better with company.
    Let's start with [the smell|the sound], because that's how you'll [meet|find] {the}.
    [Word|A rumour] has reached the counter that you've been [wondering about|asking after] {the}.
    The first {noun} out of the oven is always for [the baker|whoever's up]. [Sorry|We're not sorry]. The \
        rest of {the} is yours.
""")

BOX_SHORT = lines("""
    {^full}. [All you add is the sofa|You bring the kettle].
    [Ribbon|String], tissue, [crumbs|good manners]: it's {the}.
    [Somebody|A person you like] needs {a}. [Could be you|Might well be you].
    Lift the lid. [Ooh|Well now|Hello]. {^the}.
    [Flowers wilt|Balloons sag|Cards get recycled]. Say it with {a}.
    Can't [cook|think|be there]? Send {the}.
    [Knock, leave, run away|Doorstep, bell, scarper]: that's how you give {a}.
    We pack {the}; you [take the credit|get the hug].
    {^our} [weighs a bit|rattles nicely] and smells [like a good idea|of Saturday].
    One [lid|box], many [happy noises|crumbs]: {the}.
    [Big|Small] gesture, [no ironing|no wrapping paper]: {our}.
    Handle with [care|both hands]: {the}.
""")

BOX_LONG = lines("""
    You meant to [bake something|write a card|pop round], and then it was [bedtime|the weekend]. That's \
        what {the} is for.
    There's a sort of quiet that falls when a lid comes off {the}, and [then everybody reaches at once|then \
        there isn't].
    We [started|began] packing {the} for one customer with [a broken leg|a bad week], and it [got \
        about|rather caught on].
    Nobody has ever opened {a} and said [they'd rather have had socks|the word no].
    [If you can't be there|When you can't get away], send something that [smells of butter|turns up warm]: \
        {the}, say.
    The [best|nicest] sort of knock on the door comes with {a} [behind it|on the mat].
    Think of {the} as a [hug with string round it|neighbour you can carry], only [easier to post|with more \
        jam].
    We tie up {the} on the big table, and it's the one job [everyone fights for|nobody swaps].
    [Some|A lot of] days can be saved by tea alone. The [others|rest] need {the}.
    It's all in {the}, tucked in like [twins in a pram|a cat in a drawer], with [paper|a tea towel] over \
        the top.
    You hold it level, you walk home slowly, you don't peep. [That's the theory of|So goes] {the}.
    [First|To begin with], the string. Nobody unties it; everybody [tugs|chews]. Then you're into {the}.
""")

CLASS_SHORT = lines("""
    [Flour on your nose|Dough to the elbows]? You're in the right room. {^the}.
    Come for {the}, leave [with something warm|wearing most of it|taller].
    [Roll up|Sleeves up]. {^the} [needs your thumbs|is filling its stools].
    [Butter|Flour], [fold|shove], laugh, [repeat|sweep up]: {the}.
    Your [oven|rolling pin] misses you. {^the} [can help|starts things off].
    Can't bake? [Perfect|Lovely|Excellent]. {^the} is [yours|for you].
    Hands: [bring both|wash both] for {the}.
    [We'll show you how|It's easier than it looks]. {^the}.
    [Swap the telly for|Instead of scrolling, try] {the}.
    {^our}: [nobody gets marked|no exams, some crumbs].
    Put {the} in the diary, [in pen|and underline it].
    [Lumpy|Flat|Burnt] last time? [Same here|Us too, once]. {^the} [is the cure|sorts that].
    Pull up a stool at {the}.
    Room at the table for {the}, [and for you|elbows permitting].
""")

CLASS_LONG = lines("""
    If your last [effort|go] could have [stopped a door|sunk a canoe], come and sit by us at {the}.
    There's nothing wrong with your hands. They just haven't been to {the} yet.
    You've watched [all the programmes|every video]. You've [shouted at the judges|bought the bowl]. It's \
        time for {the}.
    [Everybody|Everyone] goes quiet for the first bit of {the}, and then someone [laughs|drops an egg] and \
        [we're away|it's a party].
    We [run|hold] {the} round one big table, because dough's like gossip: [it needs company|better with \
        elbows].
    Half the fun of {the} is [the mess|what goes wrong]. The other half [comes home with you|is in the oven].
    Nobody has failed {the}. [A few have eaten the evidence|One man sat on his, and even that came good].
    Do you remember the first thing you ever [baked|burnt]? {^the} feels like that, with [better \
        supervision|fewer alarms].
    [There's a knack to it|It's all in the wrist], they say, and then they don't tell you. At {the} we \
        [tell you|spill everything].
    Dough doesn't care [what you do for a living|how your week went]. That's the [best|nicest] thing about \
        {the}.
    You'll walk into {the} with [clean cuffs|cold hands] and out with [a warm bag|none of your worries and \
        some of our flour].
    We can teach [anyone|a brick wall, nearly] at {the}; we taught [the window cleaner|the vicar's \
        brother], and he's [all thumbs|frightened of yeast].
    It's a funny thing, [kneading|rolling out]: you start {the} with a headache and [lose it|leave it] \
        somewhere in the flour.
    [Right|Now then], aprons. {^the} needs [you, a friend and a sense of humour|only your hands and a bit \
        of nerve].
    What happens at {the} stays at {the}, apart from [the loaf|the bits in your hair].
    Some people do [yoga|crosswords|golf]. We'd suggest {the}, where [the stretching's done for you|you can \
        eat the result].
""")

OUTING_SHORT = lines("""
    We're [going out|off out]! Well, round the corner: {the}.
    [Striped awning|Wonky table|Floury people], long queue, big grins: {the}.
    Spotted: [a van full of buns|bakers in daylight], heading for {the}.
    [Bread on tour|Buns on wheels]. {^the}.
    You can't miss {the}. [It's the one you can smell|Look for steam].
    Packing [the good tablecloth|every tray we own] for {the}.
    [Fresh air|Bunting], fresh bakes: {the}.
    Where's the [queue|nice smell] coming from? {^the}.
    See you at {the}? [Say yes|We'll save you a corner].
    [Wellies|Sunhats] on, tins packed, it's {the}.
    [Rain or shine|Wind or drizzle|Sun or sleet]: {the}.
    Loading the bike for {the}. [Mind the cakes|Wobble, wobble].
""")

OUTING_LONG = lines("""
    We don't get out much, so when we do we bring [too much|the lot]. That's the idea of {the}.
    By the time you read this [we'll be labelling tins|somebody will be hunting for the string]: {the} is \
        coming round again.
    You'll know {the} by [the wobbly table|the awning], and by the [dogs sitting hopefully in front of \
        it|person counting change out loud].
    There's [always a breeze|usually a goat] and there's [always a queue|always somebody's uncle], and \
        {the} wouldn't be the same without [either|them].
    It takes [a van, a bike and a pram|most of the family] to move {the}, and we [love|grumble about] every \
        minute of it.
    Bread tastes [better|different] out of doors. Come and [test that|put us right] at {the}.
    [Last time|The year before], {the} was [bare|down to the tablecloth] by lunch. This time we've \
        [borrowed more tins|learned to count].
    [Pack a bag|Bring your own bag], wear [something crumb-coloured|sensible shoes] and head for {the}.
    You could go straight past {the}, [in theory|with a peg on your nose]. [Nobody does|We've never seen it \
        done].
    Somewhere between the [tombola|coconut shy] and the [tea tent|man with the owl] you'll find {the}.
    We've ironed the tablecloth for {the}. [Just the front|Don't look underneath], but still.
    There's a [knack|trick] to {the}: say hello to everyone, [eat as you go|hide the best tray], don't [sit \
        on the buns|lend out the scissors].
""")

SUBJECTS = lines("""
    {^full}? [Yes please|Oh, go on|Don't mind if we do]
    [Something's|Something nice is] [in the oven|rising]
    [Psst|Quietly now], {full}
    We [may have|might have] [overdone it|got carried away] again
    [Put the kettle on|Find your coat|Hold that biscuit]
    [Stop|Pause] [scrolling|chewing], start [sniffing|walking]
    {^the}, and other [good ideas|reasons to get up]
    You'll want to [sit down|loosen your scarf] for this
    [A floury note|A buttery word|News from the warm end of the street]
    Can you [smell|hear] that?
    [Guess who's|Look what's] been [up all night|at the flour]
    Your [toaster|tea towel|biscuit tin] won't like this
    [Crumbs|Blimey|Well, butter us], it's {the}
    [Open|Read] with [clean hands|your mouth shut]
    [Not another|One more] e-mail about [bread|cake]? [Sort of|Nearly]
    [Dear|Psst,] [neighbour|hungry friend]
    For you, with [butter|a wink]
    {^full}: [a love story|the plot thickens|a warning]
    [Someone|Everybody]'s talking about {the}
    It's [rude|polite] to [stare|ask]: {the}
    [Nothing|Hardly anything] to do with [work|the weather]
    [Cancel lunch|Tell the dog] [and come over|we're ready]
    What the [bell|oven] told us [today|this morning]
    [Before|While] it's [gone|warm]
    [Trouble|A small drama] at the [counter|bakery], with [icing|crust]
    [Who|Which of you] asked for {the}?
    Hello, it's [your bakery|us]. [Again|With flour on]
    [Let's talk about|A few words on] {the}
""")
