"""Words of English that say nothing by themselves: what ends a phrase, and what begins a sentence without naming."""

# ruff: noqa: E501, SIM905 - word lists read best as long lines

from __future__ import annotations

FUNCTION = frozenset(
    """a about above after again against all almost along already also although always am among an and another any
anybody anyone anything are aren't around as at away back be became because been before behind being below between both
but by came can can't cannot could couldn't did didn't do does doesn't doing don't done down during each either else
enough even ever every everybody everyone everything few for from further had has hasn't have haven't having he he's her
here here's hers herself him himself his how however i i'd i'll i'm i've if in indeed instead into is isn't it it'd it'll
it's its itself just least less let let's like likely many may maybe me might mine more most much must my myself near
neither never next no nobody none nor not nothing now of off often oh on once one only onto or other others our ours
ourselves out over own per perhaps please plus quite rather really same shall she she's should shouldn't since so some
somebody someone something somewhere soon still such than that that's the their theirs them themselves then there
there's therefore these they they'd they'll they're they've thing things this those though through throughout thus till
to together too toward towards under until unless up upon us very via was wasn't we we'd we'll we're we've well were
weren't what what's whatever when where where's whether which while who who's whoever whole whom whose why will with
within without won't would wouldn't yes yet you you'd you'll you're you've your yours yourself yourselves etc e.g i.e vs
meanwhile otherwise today tomorrow yesterday tonight ago later early earlier first second third last several various
certain overall moreover furthermore besides nevertheless nonetheless additionally finally recently currently generally
right apart across along amid despite except including regarding beyond usually sometimes especially particularly simply actually basically eventually hopefully similarly""".split()
)
"""Function words and adverbs of time and manner."""

VERBS = frozenset(
    """accept accomplish add adds adding agree agreed aim aims allow allowed allows announce apply argue argued arrive ask
asked asking avoid based bake became become becomes began begin believe boil bring brings brought build builds built buy
call called calls change changed check choose chop click come comes coming consider contact contain contains continue cook
cost costs could cover create created creates creating cut decide decided deliver develop develops discover download
drain drive drop employ encourage ends enjoy ensure enter enters expect explain explore express feel felt fill find finds
focus focused follow followed follows found gave get gets getting give given gives go goes going gone got grew grow had
happen happened happens has have hear heard heat help helped helping helps hold hope identify improve include included
includes including involve is join keep keeps kept knew know known knows launch launched lead lay lays learn learned leave
led let lets listen live look looked looking looks made maintain make makes making manage mark mean means meet mention met
mix move moved moves need needed needs note offer offers open order ordered ordering order ought permit place places plan
poured pour prepare prevent produce provide provided provides put pay pays read realize realized receive recommend reduce
register remember remind remove replace report require required requires return returned returns rinse run running runs
said save saw say says see seem seems seen sell send serve serves set sets share shared show shows sign sit specify spend
spent start started starts stay stays stir stop struggle submit support supports take taken takes talk talked teach tell
tells test thank think thought told took toss try trying turn turned understand update updated use used uses using visit
volunteer wait walk want wanted wants watch welcome went win wish work worked working works write writes writing wrote
yields allows gain gains""".split()
)
"""Verbs that seldom are nouns in copy, and those that often begin a sentence."""

COMMON = (
    FUNCTION
    | VERBS
    | frozenset(
        """dear hello hi hey thanks sorry good great new old big small best better free people team teams part step chapter
figure section note tip question answer day week month year days weeks months years time times way ways number lot lots
minute minutes second seconds hour hours bit couple approximately kind sort example fact facts summary introduction conclusion background overview default optional default options
morning afternoon evening lunch breakfast dinner ingredients directions notes servings prep big nice fresh real true""".split()
    )
)
"""Words that name nobody when a capital only says that a sentence begins."""

PEOPLE = """adults agencies analysts annotators applicants architects artists authors beginners brides businesses buyers
candidates caregivers chefs children citizens cities clients coaches colleagues commuters companies contractors controllers
cooks couples creators customers cyclists designers developers doctors donors drivers educators employees employers
engineers entrepreneurs executives experts families fans farmers founders foodies freelancers friends gardeners gamers
graduates grandparents guests hikers hobbyists homeowners hosts investors journalists kids landlords leaders learners
librarians makers managers marketers members mothers neighbours neighbors newcomers nonprofits nurses officers operators
organisations organizations owners parents partners patients photographers players practitioners professionals programmers
readers recruiters regulars renters researchers residents retailers runners scientists sellers seniors shoppers
sponsors stakeholders startups students subscribers suppliers teachers teams tenants tourists travellers travelers
vegans vegetarians vendors veterans visitors volunteers voters walkers women workers writers""".split()
"""Whom copy is for."""

GENERIC = frozenset(
    """AC AI AKA AM API APIs ASAP BBQ BCC CC CEO CLI CMS CPU CSS CSV CTO DB DIY DVD EOL ETA FAQ FAQs FYI GB GPS HR HTML
HTTP HTTPS ID IDs IP IT JSON KB LED MB NB OK OS PC PDF PDFs PIN PM PR PS QA QR RAM RFP RSS SDK SEO SMS SQL SSH SSL TB TLS TV UI
URI URL URLs USB UTC UTF UUID UUIDs UX VIP VPN WC XML YAML ZIP PNG JPG JPEG SVG GIF ASCII SMTP DNS FTP WiFi Wi-Fi 2D 3D 4K Q&A GET POST PUT DELETE HEAD NOTE NEW FREE SALE WARNING TIP
IMPORTANT STOP HOT BIG BUY LIVE DO DON'T NOTHING NEVER TRUE FALSE NULL NONE EDIT UPDATE README TODO ALL AND OR NOT YES NO OK'd Q1 Q2 Q3 Q4""".split()
)
"""Capitals that name no one: kinds of thing, and words said loudly."""

DEMONYMS = frozenset(
    """African American Asian Australian Austrian Belgian Brazilian British Canadian Catalan Chinese Danish Dutch English
European Finnish French German Greek Indian Indonesian Irish Italian Japanese Korean Latin Lebanese Mediterranean Mexican
Moroccan Norwegian Persian Polish Portuguese Roman Romanian Russian Scandinavian Scottish Spanish Swedish Swiss Thai Turkish
Ukrainian Vietnamese Welsh Western Eastern Northern Southern Internet Web Earth God True False None Null""".split()
)
"""Adjectives that English writes with a capital."""
