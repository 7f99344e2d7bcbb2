"""Three real archives through reading and cleaning: nothing of their pages is left, and their voice is."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from training.cleaning import clean_title
from training.corpus.cleaning.engine import clean
from training.corpus.cleaning.recurring import find
from training.corpus.cleaning.settings import Settings
from training.corpus.passages import pieces
from training.corpus.reading.read import reading

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "voices"
NAMES = ["based-cooking", "eighteenf", "healthchecks"]
pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the real voices lie in shared/data, which is not here")

TELLTALES = {
    "front matter": r"\A---|^(?:layout|permalink|tumblr_url|hero|authors|excerpt):",
    "template tag": r"\{%|%\}|\{\{|\}\}|\{#[^1-9]|\{:",
    "shortcode": r"\[/?(?:gallery|caption|embed|toc)\b|\[\w+ \w+=",
    "HTML": r"</[a-zA-Z]|<(?:p|br|div|span|em|strong|li|ul|ol|a|img|figure|table)\b[^>]*[=/]|<!--",
    "entity": r"&(?:amp|nbsp|lt|gt|quot|#\d+);",
    "Markdown": r"\]\(|!\[|\[\^|^#{1,6} |\*\*\S[^*\n]*\*\*|^```|^\[[^\]\n]+\]: |\| ?-{3,}",
    "navigation": r"^(?:skip to|back to top|share this|(?:«|←) ?previous|next ?(?:»|→)|table of contents|home [|›»] )",
    "byline or footer": r"^(?:posted by|originally (?:published|posted) (?:on|at)|all rights reserved|©)",
    "tracking": r"[?&](?:utm_\w+|fbclid|gclid)=",
    "odd white space": r"[\u00a0\u00ad\u200b\ufeff\t\r]|  |\n{3}| $|^ ",
    "mojibake": r"â€|Ã[\u0080-\u00bf©¨¼¶¤]|Â[\u00a0-\u00bf]|\ufffd",
    "e-mail address": r"\w@\w[\w-]*\.\w",
}
EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")
VOICE = {
    "emoji": EMOJI,
    "exclamation marks": re.compile("!"),
    "question marks": re.compile(r"\?"),
    "hashtags": re.compile(r"(?<!\w)#\w+"),
    "words in capitals": re.compile(r"\b[A-Z]{2,}\b"),
    "curly quotes": re.compile("[‘’“”]"),
    "straight quotes": re.compile("[\"']"),
    "dashes": re.compile("[–—]"),
    "list items": re.compile(r"^- ", re.MULTILINE),
}


@cache
def passages(name):
    """[(title, before, after)] of a whole archive, with its recurring lines found."""
    documents = []
    for file in sorted((FOLDER / name / "docs").iterdir()):
        readable = file.name.replace(".html-fragment", ".html")
        documents += [(document.title, pieces(document)) for document in reading(readable, file.read_bytes()).documents]
    lines = find(lambda: ([piece.text for piece in found] for _, found in documents))
    kept = Settings(language="en", recurring=frozenset(line.key for line in lines if line.goes))
    return [
        (clean_title(piece.heading or title), piece.text, clean(piece.text, kept))
        for title, found in documents
        for piece in found
    ]


@pytest.mark.parametrize("name", NAMES)
def test_no_telltale_of_a_page_is_left_in_any_passage(name):
    found = [
        (what, title, match[0], after.text[max(0, match.start() - 30) : match.end() + 30])
        for title, _, after in passages(name)
        for what, pattern in TELLTALES.items()
        for text in (after.text, title)
        for match in re.finditer(pattern, text, re.MULTILINE | re.IGNORECASE)
    ]
    assert len(passages(name)) > 400 and found == []


@pytest.mark.parametrize("name", NAMES)
def test_what_makes_the_voice_is_counted_before_and_after_and_stays(name):
    """Only marks inside what a rule names and takes out may go: lines, markup, addresses."""
    lost = Counter()
    for _, before, after in passages(name):
        taken = Counter()
        for change in after.changes:
            for what, pattern in VOICE.items():
                taken[what] += len(pattern.findall(change.before)) - len(pattern.findall(change.after))
        for what, pattern in VOICE.items():
            gone = len(pattern.findall(before)) - len(pattern.findall(after.text))
            assert gone <= max(0, taken[what]), (what, before, after.text)
            lost[what] += gone
    whole = Counter({what: sum(len(p.findall(before)) for _, before, _ in passages(name)) for what, p in VOICE.items()})
    assert lost["emoji"] == 0 and lost["hashtags"] <= 1
    for what in VOICE:
        assert lost[what] <= 0.02 * whole[what] + 2, (what, lost[what], whole[what])


@pytest.mark.parametrize("name", NAMES)
def test_hardly_any_words_go(name):
    before = sum(len(text.split()) for _, text, _ in passages(name))
    after = sum(len(cleaned.text.split()) for *_, cleaned in passages(name))
    assert 0.985 * before <= after <= before


@pytest.mark.parametrize("name", NAMES)
def test_cleaning_a_real_passage_twice_changes_nothing(name):
    for _, _, after in passages(name)[::7]:
        assert clean(after.text, Settings()).text == after.text
