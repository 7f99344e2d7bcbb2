"""Forms of the corpus screens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from training.corpus.brief import CHANNELS, Brief, BriefError
from training.models import Pair

CHANNEL_CHOICES = [(key, name.split(" ", 1)[1].capitalize()) for key, name in CHANNELS.items()]


class PairForm(forms.Form):
    channel = forms.ChoiceField(choices=CHANNEL_CHOICES)
    topic = forms.CharField(
        max_length=400,
        help_text="What the copy is about, in a few words.",
        widget=forms.TextInput(attrs={"data-focus-key": "t"}),
    )
    facts = forms.CharField(
        required=False,
        label="Key facts",
        help_text="One a line, word for word as in the copy.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    audience = forms.CharField(required=False, max_length=300)
    call_to_action = forms.CharField(required=False, max_length=300, label="Call to action")
    output = forms.CharField(
        label="Copy",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12, "class": "reading", "data-focus-key": "e"}),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors:
            try:
                values["brief"] = Brief.from_dict(values)
            except BriefError as error:
                raise forms.ValidationError(str(error)) from error
            values["output"] = lined(values["output"])
        return values

    def is_unchanged(self, pair: Pair) -> bool:
        same = self.cleaned_data["output"] == lined(pair.output)
        return bool(same and self.cleaned_data["brief"] == pair.brief.content)


def as_typed(pair: Pair) -> dict[str, str]:
    """The pair as its fields hold it."""
    brief = pair.brief.content
    return {**brief.as_dict(), "facts": "\n".join(brief.facts), "output": lined(pair.output)}


def typed(data: Mapping[str, str]) -> dict[str, str]:
    """What stands in the fields of a pair, right or wrong."""
    return {name: lined(str(data.get(name, ""))) for name in PairForm.base_fields}


def lined(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "").strip()


class RejectForm(forms.Form):
    """Why a pair is left out: a usual reason, one's own words, or both."""

    USUAL = (
        "Not our copy",
        "Out of date",
        "Not in the voice",
        "A fragment",
        "Says too little",
        "Personal or confidential",
    )
    usual = forms.ChoiceField(required=False, choices=[(reason, reason) for reason in USUAL])
    reason = forms.CharField(
        required=False,
        max_length=250,
        label="Or in your own words",
        widget=forms.TextInput(attrs={"data-focus-key": "r"}),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        words = [values.get("usual", ""), values.get("reason", "")]
        values["reason"] = ": ".join(word for word in words if word)
        if not values["reason"] and not self.errors:
            self.add_error("reason", "Say in a word why it is rejected.")
        return values
