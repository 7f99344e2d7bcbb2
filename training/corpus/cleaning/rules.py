"""The table of rules, in the order in which they run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from training.corpus.cleaning import encoding, markup, personal, recurring, style
from training.corpus.cleaning.edits import Edit
from training.corpus.cleaning.settings import Settings


@dataclass(frozen=True)
class Rule:
    """One kind of change: its name in the data, its label on screen and what it does, in plain words.

    `find` gives its edits of a text. A rule that only flags passages has `flags` in its place: given the text and its
    language, whether a person should look. Corrections have neither: they belong to one passage each (see
    `corrections.correct`).
    """

    name: str
    label: str
    does: str
    find: Callable[[str, Settings], list[Edit]] | None = None
    flags: Callable[[str, str, Settings], bool] | None = None


def is_foreign(text: str, language: str, settings: Settings) -> bool:
    return bool(settings.language and language and language != settings.language)


LANGUAGE = Rule(
    "language",
    "Another language",
    "Flags passages that are not in the voice's language. Changes nothing.",
    flags=is_foreign,
)
ALL = (
    Rule("mojibake", "Broken characters", "Mends letters that some program read wrongly: cafÃ© becomes café.",
         encoding.mojibake),
    Rule("forms", "One form per letter", "A letter and its accent become one; ligatures from PDF files (ﬁ) come apart.",
         encoding.forms),
    Rule("spaces", "Odd white space", "Hard and doubled spaces become plain ones, invisible ones go. Paragraphs stay.",
         encoding.white_space),
    Rule("front_matter", "Front matter", "Takes off a page's fields (layout:, tags:, authors:) above its text.",
         markup.front_matter),
    Rule("template_tags", "Template tags", "Takes out {% tags %}, {{ fields }}, [shortcodes] and *|MERGE|* fields.",
         markup.template_tags),
    Rule("markup", "Left-over markup", "HTML and Markdown become plain text. Paragraphs and lists stay.",
         markup.markup),
    Rule("tracking", "Tracking in links", "Takes utm_source and the like out of web addresses.",
         markup.tracking),
    Rule("furniture", "Page furniture", "Takes out lines such as Skip to content, Share this, © 2019, Posted by.",
         recurring.furniture),
    Rule("card", "Payment cards", "Masks card numbers whose check digit is right, as [card].", personal.card),
    Rule("iban", "Bank accounts", "Masks IBANs whose check digits are right, as [IBAN].", personal.iban),
    Rule("email", "E-mail addresses", "Masks them as [e-mail]. Those in the fact sheet or guidelines are the brand's, "
         "and stay.", personal.email),
    Rule("phone", "Telephone numbers", "Masks them as [phone]. Those in the fact sheet or guidelines stay.",
         personal.phone),
    Rule("quotes", "Quotation marks", "Sets quotes and apostrophes in the house style, if one is chosen.",
         style.quotes),
    Rule("dashes", "Dashes", "Sets dashes between words in the house style, if one is chosen.", style.dashes),
    Rule("ellipses", "Ellipses", "Sets ellipses in the house style, if one is chosen.", style.ellipses),
    Rule("recurring", "Recurring lines", "Takes out footers, legal notes and signatures that many documents share.",
         recurring.recurring),
    Rule("corrections", "Accepted corrections", "Makes the corrections of spelling and grammar that somebody accepted, "
         "and no others."),
    Rule("gaps", "Missing words", "Flags passages where a tag left a hole (Thanks to , and .). Changes nothing.",
         flags=markup.has_gap),
    LANGUAGE,
)  # fmt: skip
RULES = {rule.name: rule for rule in ALL}
