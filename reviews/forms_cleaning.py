"""The form of a voice's cleaning: rules on or off, house style, language."""

from __future__ import annotations

from typing import Any

from django import forms

from training.corpus.cleaning.language import LANGUAGES
from training.corpus.cleaning.rules import RULES
from training.models import Voice


class CleaningForm(forms.Form):
    on = forms.MultipleChoiceField(required=False, choices=[(rule.name, rule.label) for rule in RULES.values()])
    quotes = forms.ChoiceField(
        required=False,
        label="Quotation marks",
        choices=[("", "As the writer set them"), ("curly", "“Curly”, it’s"), ("straight", '"Straight", it\'s')],
    )
    dashes = forms.ChoiceField(
        required=False,
        label="Dashes between words",
        choices=[("", "As the writer set them"), ("em", "Close—like this"), ("en", "Apart – like this")],
    )
    ellipses = forms.ChoiceField(
        required=False,
        label="Ellipses",
        choices=[("", "As the writer set them"), ("character", "One sign…"), ("dots", "Three dots...")],
    )
    language = forms.ChoiceField(
        required=False,
        label="The voice's language",
        choices=[("", "Whatever most of the copy is in"), *LANGUAGES.items()],
    )

    @classmethod
    def of(cls, voice: Voice) -> CleaningForm:
        on = [name for name in RULES if name not in voice.rules_off]
        return cls(initial={"on": on, "language": voice.language, **voice.house_style})

    def is_on(self, rule: str) -> bool:
        return rule in (self["on"].value() or [])

    def values(self) -> dict[str, Any]:
        """The voice's fields as the form has them."""
        given = self.cleaned_data
        return {
            "rules_off": [name for name in RULES if name not in given["on"]],
            "house_style": {name: given[name] for name in ("quotes", "dashes", "ellipses") if given[name]},
            "language": given["language"],
        }
