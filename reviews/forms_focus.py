"""Forms of focuses: what to do more of, how many candidates to write, and how much of them may train."""

from __future__ import annotations

from typing import Any

from django import forms

from reviews.candidates import MOST as MOST_CANDIDATES
from reviews.forms_corpus import CHANNEL_CHOICES
from training.corpus.focusing import RULES
from training.models import Focus
from training.models.focus import LEAST, MOST

WANTED = 100_000


class FocusForm(forms.Form):
    name = forms.CharField(max_length=120, help_text="For instance: Missing call to action.")
    rule = forms.ChoiceField(
        required=False,
        label="Copy that",
        help_text="Finds the pairs that show what is wanted.",
        choices=[("", "No rule"), *((key, f"{one.label}: {one.hint}") for key, one in RULES.items())],
    )
    search = forms.CharField(
        required=False,
        max_length=200,
        label="With these words",
        help_text="All of them must be in the copy. Without rule and words, you choose the pairs by hand.",
    )
    channel = forms.ChoiceField(required=False, choices=[("", "Every channel"), *CHANNEL_CHOICES])
    weight = forms.FloatField(
        min_value=LEAST,
        max_value=MOST,
        initial=2,
        help_text=f"From {LEAST} to {MOST:g}. With 2, each of its training pairs counts as if it were there twice.",
        widget=forms.NumberInput(attrs={"step": "0.5"}),
    )
    wanted = forms.IntegerField(
        min_value=1, max_value=WANTED, initial=50, label="Pairs wanted", help_text="Coverage asks for those missing."
    )
    looks_for = forms.CharField(
        required=False,
        max_length=2000,
        label="What to look for",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A note for colleagues.",
    )
    came_from = forms.ChoiceField(
        required=False, choices=Focus.Origin.choices, initial=Focus.Origin.HAND, widget=forms.HiddenInput
    )
    evidence = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_came_from(self) -> str:
        return str(self.cleaned_data["came_from"] or Focus.Origin.HAND)

    def changed_fields(self) -> dict[str, Any]:
        """What a person may change later: all but where it came from."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("came_from", "evidence")}


class WriteForm(forms.Form):
    count = forms.IntegerField(min_value=1, max_value=MOST_CANDIDATES, initial=12, label="How many")


class ShareForm(forms.Form):
    share = forms.IntegerField(
        min_value=0,
        max_value=50,
        label="Machine-written, at most, in %",
        help_text="Of the training pairs. The newest beyond it are left out of a run.",
    )
