"""Forms of the coverage page and of the page that tells where a source went."""

from __future__ import annotations

from typing import Any

from django import forms

from training.corpus.brief import CHANNELS
from training.models import Voice


class MixForm(forms.Form):
    target = forms.IntegerField(min_value=50, max_value=1_000_000, label="Pairs wanted in all")

    def __init__(self, data: Any = None, *, voice: Voice) -> None:
        super().__init__(data, initial={"target": voice.target_pairs, **voice.channel_mix})
        for key, name in CHANNELS.items():
            self.fields[key] = forms.IntegerField(
                required=False, min_value=0, max_value=100, label=f"{name.split(' ', 1)[1].capitalize()}, %"
            )

    def mix(self) -> dict[str, int]:
        return {key: self.cleaned_data[key] for key in CHANNELS if self.cleaned_data[key]}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and (total := sum(self.mix().values())) not in (0, 100):
            raise forms.ValidationError(f"The shares add up to {total} %; make it 100 %, or leave all of them empty.")
        return values


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        max_length=300,
        label="Why does it go?",
        help_text="For instance: the client ended the permission. It stands in the log.",
        error_messages={"required": "Say in a few words why it goes."},
    )
