"""One passage through the rules: the text that comes out, and every change with the rule that made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from training.corpus.cleaning.edits import apply
from training.corpus.cleaning.language import language_of
from training.corpus.cleaning.rules import RULES
from training.corpus.cleaning.settings import Settings

ROUNDS = 12


@dataclass(frozen=True)
class Change:
    """What one rule did in one place: `at` counts characters in the text as the rule found it."""

    rule: str
    before: str
    after: str
    at: int

    def as_dict(self) -> dict[str, Any]:
        return {"rule": self.rule, "before": self.before, "after": self.after, "at": self.at}


@dataclass(frozen=True)
class Cleaned:
    """The text, the changes in the order in which they were made, and the language ("" where it is in doubt)."""

    text: str
    changes: tuple[Change, ...] = ()
    language: str = ""
    touched: tuple[str, ...] = ()


def clean(original: str, settings: Settings) -> Cleaned:
    """Run all rules that are on, again and again until none finds anything: cleaning twice changes nothing.

    What one rule takes out may lay bare something for another: a tag inside an entity, a double space around a tag.
    To undo a rule, clean the original again without it.
    """
    text = original
    changes: list[Change] = []
    for _ in range(ROUNDS):
        before = text
        for rule in RULES.values():
            if rule.find is None or rule.name in settings.off:
                continue
            if edits := rule.find(text, settings):
                changes += [Change(rule.name, text[edit.start : edit.end], edit.after, edit.start) for edit in edits]
                text = apply(text, edits)
        if text == before:
            break
    language = language_of(text)
    touched = {change.rule: None for change in changes}
    for rule in RULES.values():
        if rule.flags and rule.name not in settings.off and rule.flags(text, language, settings):
            touched[rule.name] = None
    return Cleaned(text, tuple(changes), language, tuple(touched))


def replay(original: str, changes: tuple[Change, ...]) -> str:
    """The text that the changes lead to. Those of one rule and round stand in order, in the text as it found it."""
    text, at = original, 0
    while at < len(changes):
        run = [changes[at]]
        while at + len(run) < len(changes):
            following, last = changes[at + len(run)], run[-1]
            if following.rule != last.rule or following.at < last.at + len(last.before):
                break
            run.append(following)
        for change in reversed(run):
            assert text[change.at : change.at + len(change.before)] == change.before, "The changes are of another text."
            text = text[: change.at] + change.after + text[change.at + len(change.before) :]
        at += len(run)
    return text
