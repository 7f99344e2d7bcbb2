"""Forms of runs and versions."""

from __future__ import annotations

from typing import Any

from django import forms

from training.engine.config import LoraRun


class RetrainForm(forms.Form):
    learning_rate = forms.FloatField(
        min_value=1e-7, max_value=1, help_text="How far each step goes. Too high and the loss jumps about."
    )
    batch_size = forms.IntegerField(min_value=1, max_value=256, help_text="Pairs per step.")
    epochs = forms.IntegerField(
        min_value=1, max_value=50, help_text="Passes over all pairs at most; it stops when the validation loss rises."
    )
    rank = forms.IntegerField(
        min_value=1, max_value=256, help_text="The adapter's size. A higher one holds more, and forgets less easily."
    )
    seed = forms.IntegerField(
        min_value=0, max_value=2**31, help_text="The order of the pairs; the same seed makes the same adapter."
    )

    @classmethod
    def suggested(cls, config: LoraRun) -> RetrainForm:
        values = config.to_dict()
        return cls(initial={name: values[name] for name in cls.base_fields})

    def config(self) -> dict[str, Any]:
        return {**self.cleaned_data, "alpha": 2 * self.cleaned_data["rank"]}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=500,
        label="Why?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why, in a sentence. It goes into the log."},
    )
