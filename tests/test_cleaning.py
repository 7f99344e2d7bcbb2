"""The cleaning engine: what each rule does, what it leaves alone, and that nothing happens unseen."""

import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from training.corpus.cleaning.engine import clean, replay
from training.corpus.cleaning.language import language_of
from training.corpus.cleaning.personal import own
from training.corpus.cleaning.recurring import find, key
from training.corpus.cleaning.rules import RULES
from training.corpus.cleaning.settings import HouseStyle, Settings

VOICES = Path(__file__).resolve().parents[2] / "shared" / "data" / "voices"
PLAIN = Settings()


def cleaned(text, **kept):
    return clean(text, Settings(**kept)).text


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("mojibake", "Our cafÃ© is openâ€”come in.", "Our café is open—come in."),
        ("mojibake", "a\x07 bell", "a bell"),
        ("forms", "cafe\u0301", "café"),
        ("forms", "ﬁve ﬂowers", "five flowers"),
        ("spaces", "5\u00a0kg of\u200b rye  ", "5 kg of rye"),
        ("spaces", "one\r\ntwo\n\n\n\nthree", "one\ntwo\n\nthree"),
        ("front_matter", "---\nlayout: post\ntags:\n- bread\n---\nWarm rye.", "Warm rye."),
        ("front_matter", "--- layout: post title: Rye --- Warm rye.", "Warm rye."),
        ("front_matter", "+++\ntitle = 'Rye'\n+++\n\nWarm rye.", "Warm rye."),
        ("front_matter", "title: Rye\ndate: 2014-08-21\ntags:\n- bread\n\nWarm rye.", "Warm rye."),
        ("template_tags", "Warm {% include 'x' %} rye {{ today }}.", "Warm rye."),
        ("template_tags", "[gallery ids=\"1,2\"]Warm rye.[/gallery]", "Warm rye."),
        ("template_tags", "Hello *|FNAME|*, warm rye. {: .lead }", "Hello, warm rye."),
        ("template_tags", "[button url=\"/x\" size=big]Order[/button] now", "Order now"),
        ("markup", "Warm <b>rye</b> &amp; <a href=\"/x\">oats</a>.", "Warm rye & oats."),
        ("markup", "<p>One</p>\n<p>Two<br>lines</p><ul><li>first</li><li>second</li></ul>",
         "One\n\nTwo\nlines\n\n- first\n- second"),
        ("markup", "Warm [rye](/rye \"Rye\") and **oats**, `fresh`. ![loaf](a.png)", "Warm rye and oats, fresh."),
        ("markup", "## Why four?\nBecause.[^1]\n\n[^1]: We asked.", "Why four?\nBecause.\n\nWe asked."),
        ("markup", "&lt;b&gt;Rye&lt;/b&gt; at &#163;2", "Rye at £2"),
        ("markup", "A <!-- secret --> loaf", "A loaf"),
        ("markup", "Win the <a href=\"http://x.example/2014>Challenge in 2014", "Win the Challenge in 2014"),
        ("markup", "Grace time\n\n: How long we wait.", "Grace time\n\nHow long we wait."),
        ("markup", "| Loaf | Price |\n| --- | --- |\n| Rye | £2 |", "Loaf, Price\n\nRye, £2"),
        ("tracking", "Order at https://x.example/a?id=7&utm_source=mail&fbclid=Q#top.", "Order at https://x.example/a?id=7#top."),
        ("furniture", "Skip to content\n\nWarm rye.\n\n© 2019 The Bakery. All rights reserved.", "Warm rye."),
        ("furniture", "Warm rye.\n\nPosted by Jane Smith on May 4, 2019\n\nMore rye.", "Warm rye.\n\nMore rye."),
        ("furniture", "Home | Blog | Contact us\nWarm rye.", "Warm rye."),
        ("email", "Write to jane.smith+rye@mail.example.com.", "Write to [e-mail]."),
        ("phone", "Ring +44 (0)20 7946 0958 or (555) 123-4567 today.", "Ring [phone] or [phone] today."),
        ("phone", "Ring 020 7946 0958, or 555-223-4567.", "Ring [phone], or [phone]."),
        ("card", "Paid by 4111 1111 1111 1111 in May.", "Paid by [card] in May."),
        ("card", "Paid by 5555-5555-5555-4444 in May.", "Paid by [card] in May."),
        ("iban", "Pay to GB82 WEST 1234 5698 7654 32 BY Friday.", "Pay to [IBAN] BY Friday."),
    ],
)  # fmt: skip
def test_each_rule_does_what_it_says_and_nothing_when_it_is_off(rule, before, after):
    found = clean(before, PLAIN)
    assert found.text == after
    assert rule in found.touched
    without = clean(before, Settings(off=frozenset({rule})))
    assert rule not in without.touched and without.text != after


@pytest.mark.parametrize(
    "text",
    [
        "We <3 rye!!! SO much 😍👩‍🍳 #ryelove @millbakery",
        "Yummmm, breaad gr8 4 u… *wink* ~ ¯\\_(ツ)_/¯",
        "Use an <img> tag, or write <your-name> there; 3 < 4 and 5 > 2.",
        "“The segment[s] [we’re] looking for,” she said [sic].",
        '- 500 g flour (1 1/2 cups)\n- 2 eggs | 350-400 ml milk\n- 9" tin at 350°F',
        "Open 2014-2016, 10:30–12:00, call it 2,500,000 loaves or 1234567890 crumbs.",
        "Order no. 4111 1111 1111 1112, version 10.2.33.4, ISBN 978-0-13-468599-1.",
        "Terms apply to nothing here. We share bread. Follow your nose!",
        "As a ______, I want ______, so that ______.",
        "Cookies? We bake them. All of them. By hand.",
        "A “curly” quote -- a dash... and 'straight' ones — stay…",
        "* with milk\n** with oats **",
        "#1 bakery in town. # 2 is us too.",
        "MIXED Case, ALL CAPS, lower case.",
        "Read more books. Eat more rye.",
    ],
)
def test_the_voice_stays_as_it_was_written(text):
    found = clean(text, PLAIN)
    assert (found.text, found.changes) == (text, ())


MARKS = {"emoji": lambda c: ord(c) > 0x1F000, "!": lambda c: c == "!", "#": lambda c: c == "#", "CAPS": str.isupper}


def marks(text):
    return {name: sum(map(holds, text)) for name, holds in MARKS.items()}


@given(
    st.lists(
        st.sampled_from(
            [
                "SO",
                "good",
                "!!!",
                "😍",
                "👩‍🍳",
                "#rye",
                "breaad",
                "omg",
                "£3",
                "7am",
                "<3",
                "*wink*",
                "…",
                "(yes)",
                "@us",
            ]
        ),
        max_size=30,
    ),
    st.sampled_from(["  ", "\u00a0", " \u200b ", "\r\n", "\n\n\n", " "]),
)
def test_emoji_exclamations_hashtags_capitals_and_misspellings_survive(words, glue):
    found = clean(glue.join(words), PLAIN).text
    assert found.split() == glue.join(words).replace("\u200b", "").split()


FRAGMENTS = [
    *(
        "rye",
        " ",
        "\n",
        "\n\n",
        "- ",
        "<b>",
        "</b>",
        "<li>",
        "<br>",
        "<p>",
        "&lt;",
        "&gt;",
        "&amp;",
        "&nbsp;",
        "[",
        "]",
    ),
    *("(/x)", "{{", "}}", "{%", "%}", "**", "`", "__", "---", "# ", "|", "'", '"', "—", " -- ", "...", "…", "é", "Ã©"),
    *(
        "e\u0301",
        "\u00a0",
        "\u200b",
        "ﬁ",
        "😍",
        "[^1]",
        "a@b.example",
        "+44 20 7946 0958",
        "://",
        "9",
        "0",
        "![",
        "*|A|*",
    ),
    *("https://x.example/?utm_a=1", "© 2019 X", "---\na: b\n---\n", "> ", '[x y="z"]', "[/x]", "4111111111111111"),
]
STYLES = st.builds(
    HouseStyle,
    quotes=st.sampled_from(["", "straight", "curly"]),
    dashes=st.sampled_from(["", "em", "en"]),
    ellipses=st.sampled_from(["", "dots", "character"]),
)
MESSY = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join))


@given(MESSY, STYLES, st.sets(st.sampled_from(sorted(RULES))))
@example('"9\'"\'\' -- "a"', HouseStyle(quotes="curly", dashes="em"), set())
@settings(max_examples=400, deadline=None)
def test_cleaning_twice_changes_nothing_and_every_change_is_traced(text, style, off):
    kept = Settings(off=frozenset(off), style=style)
    found = clean(text, kept)
    assert clean(found.text, kept).text == found.text
    assert replay(text, found.changes) == found.text
    assert not {change.rule for change in found.changes} & off


@pytest.mark.parametrize(
    "nasty",
    [
        "<!--",
        "<a ",
        "http://",
        "__a ",
        "**a",
        "[",
        "![",
        "[a](",
        "{{",
        "{% ",
        "a@",
        "0 ",
        "| -",
        "> ",
        "&amp;",
        "Ã©",
        "é",
        "\u00a0",
    ]
    + [
        "<script>",
        "[x y=",
        "--- a: ",
        "«",
        "A ",
        "-- ",
        '"',
        "’ ",
        "\n\n\n",
        "© ",
        "4111 ",
        "GB82 ",
        "+44 ",
        "(",
        "# ",
    ],
)
@pytest.mark.parametrize("before", ["", "Originally posted on ", "Posted by A", "home | ", "__"])
def test_a_hostile_text_takes_no_time_to_speak_of(nasty, before):
    began = time.process_time()
    clean(before + nasty * (20_000 // len(nasty)), PLAIN)
    assert time.process_time() - began < 5


def test_a_trace_tells_rule_before_after_and_place():
    [change] = clean("Mail a@b.example now", PLAIN).changes
    assert change.as_dict() == {"rule": "email", "before": "a@b.example", "after": "[e-mail]", "at": 5}


def test_the_brands_own_address_is_no_personal_data():
    kept = Settings(own=own("Shop: hello@mill.example, 020 7946 0958"))
    text = "Write to Hello@mill.example or ring 020-7946-0958."
    assert clean(text, kept).text == text
    assert clean("Write to jane@mill.example.", kept).text == "Write to [e-mail]."


@pytest.mark.parametrize(
    ("style", "before", "after"),
    [
        ({"quotes": "straight"}, "“It’s warm,” she said.", "\"It's warm,\" she said."),
        ({"quotes": "curly"}, "\"It's warm,\" she said. 'Yes', in '90s style, in a 9\" tin.",
         "“It’s warm,” she said. ‘Yes’, in ’90s style, in a 9\" tin."),
        ({"dashes": "em"}, "Rye – warm -- always. 10–12 loaves\n- an item", "Rye—warm—always. 10–12 loaves\n- an item"),
        ({"dashes": "en"}, "Rye—warm -- always.", "Rye – warm – always."),
        ({"ellipses": "dots"}, "Wait…", "Wait..."),
        ({"ellipses": "character"}, "Wait... more....", "Wait… more...."),
    ],
)  # fmt: skip
def test_the_house_style_sets_quotes_dashes_and_ellipses(style, before, after):
    assert clean(before, Settings(style=HouseStyle(**style))).text == after
    assert clean(before, PLAIN).text == before


def test_a_passage_in_another_language_is_flagged_and_left_alone():
    text = "Wir backen das Brot um vier Uhr morgens, jeden Tag ausser Sonntag, und verkaufen es noch warm."
    found = clean(text, Settings(language="en"))
    assert (found.text, found.language, found.touched) == (text, "de", ("language",))
    assert language_of("Olive oil, salt") == ""


@pytest.mark.parametrize(
    ("text", "holes"),
    [
        ("Thanks to , , and for comprehensive feedback.", True),
        ("Long teams, said , a former lead.", True),
        ("number, optional, default value: .", True),
        ("They end in .gov and .mil; see the .gov list, and so on.", False),
        ("It is loved by all. Well, mostly ... at times, and by us, too.", False),
    ],
)
def test_a_hole_that_a_template_tag_left_is_flagged_and_left_alone(text, holes):
    found = clean(text, PLAIN)
    assert (found.text, found.touched) == (text, ("gaps",) if holes else ())


BODY = "{0} is the loaf of the week, and it took us {0} tries to get {0} right."
NAMES = ["rye", "oat", "spelt", "wheat", "barley", "corn"]
FOOTER = "The Corner Bakery is a family business on Mill Lane that has baked bread by hand since 1923."


def lines_of(*documents):
    return {line.text: line for line in find(lambda: documents)}


def test_a_footer_of_many_documents_goes_and_a_slogan_stays_and_both_are_told():
    documents = [["Bake well, friends.", BODY.format(name), FOOTER] for name in NAMES]
    found = lines_of(*documents)
    assert found[FOOTER].goes and found[FOOTER].documents == 6
    slogan = found["Bake well, friends."]
    assert not slogan.goes and "slogan" in slogan.reason
    kept = Settings(recurring=frozenset(line.key for line in found.values() if line.goes))
    passage = f"Bake well, friends.\n\n{BODY.format('rye')}\n\n- {FOOTER.upper()}"
    result = clean(passage, kept)
    assert result.text == f"Bake well, friends.\n\n{BODY.format('rye')}" and result.touched == ("recurring",)


def test_two_documents_make_no_boilerplate():
    assert lines_of(*([BODY.format(name), FOOTER] for name in NAMES[:2])) == {}


def test_copies_of_one_document_make_no_boilerplate():
    page = [BODY.format(name) for name in NAMES]
    other = [BODY.format(name.upper()) for name in NAMES]
    for documents in ([page] * 4, [page] * 9, [page, other] * 6, [[*page, FOOTER], [*other, FOOTER]] * 9):
        assert not any(line.goes for line in lines_of(*documents).values())


def test_what_recurs_within_documents_is_copy():
    documents = [[BODY.format(name), FOOTER, f"Then {name}.", FOOTER] for name in NAMES]
    assert not lines_of(*documents)[FOOTER].goes


def test_furniture_is_known_in_the_middle_and_with_other_numbers():
    documents = [
        [BODY.format(name), f"Copyright {year} Mill Bakery, all rights reserved", f"More {name} is on its way."]
        for name, year in zip(NAMES, range(2014, 2020), strict=True)
    ]
    [line] = [line for line in lines_of(*documents).values() if line.goes]
    assert line.documents == 6 and key("copyright 1999 Mill  Bakery, all rights reserved") == line.key


def test_an_ingredient_of_every_recipe_stays():
    recipes = [["- 1 tsp of salt", f"- 500 g of {name} flour", "Preheat the oven to 350 F."] for name in NAMES]
    assert not any(line.goes for line in lines_of(*recipes).values())


@given(st.lists(st.lists(st.sampled_from([*NAMES, FOOTER, "Bake well, friends."]), max_size=5), max_size=8))
def test_nothing_goes_that_stands_in_fewer_than_three_documents(documents):
    for line in find(lambda: documents):
        assert sum(any(key(part) == line.key for part in document) for document in documents) >= 3


def test_the_settings_that_matter_make_another_digest():
    digests = {
        kept.digest()
        for kept in (
            PLAIN,
            Settings(off=frozenset({"email"})),
            Settings(style=HouseStyle(quotes="curly")),
            Settings(own=frozenset({"a@b.example"})),
        )
    }
    assert len(digests) == 4
    # Neither makes another text of a passage that holds no such line, so nothing has to be cleaned again.
    assert Settings(language="de", recurring=frozenset({"x"})).digest() == PLAIN.digest()


def test_every_rule_has_words_for_a_person():
    assert all(rule.label and rule.does.endswith(".") and len(rule.does) < 130 for rule in RULES.values())
    assert Counter(rule.label for rule in RULES.values()).most_common(1)[0][1] == 1
