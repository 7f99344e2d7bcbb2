"""Forms of the corpus screens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from training.corpus.brief import CHANNELS, Brief, BriefError
from training.corpus.reading.detect import SUFFIXES
from training.corpus.reading.document import MAXIMUM_BYTES
from training.models import Pair

CHANNEL_CHOICES = [(key, name.split(" ", 1)[1].capitalize()) for key, name in CHANNELS.items()]


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files in one field; `clean` gives the list of them. An empty one is the import's to name."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class ImportForm(forms.Form):
    files = ManyFilesField(  # type: ignore[assignment]  # the form's files are in request.FILES
        required=False,
        allow_empty_file=True,
        label="Files",
        help_text="Text, web pages, Word, PDF, PowerPoint, Excel, e-mail, feeds, e-books, CSV, JSON, or a ZIP of them: "
        f"{MAXIMUM_BYTES // 2**20} MB each at most.",
        widget=ManyFilesInput(attrs={"accept": ",".join(SUFFIXES)}),
    )
    pasted = forms.CharField(
        required=False, label="Or paste text", widget=forms.Textarea(attrs={"rows": 5}), max_length=200_000
    )
    licence = forms.CharField(
        required=False,
        max_length=200,
        label="Permission to use it",
        help_text="For instance: client's own copy, contract of 3 May.",
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("files") and not values.get("pasted", "").strip() and "files" not in self.errors:
            raise forms.ValidationError("Choose at least one file, or paste some text.")
        return values


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

    @classmethod
    def of(cls, pair: Pair, typed: Mapping[str, str] | None = None) -> PairForm:
        """The pair's own texts, or what somebody typed over them."""
        return cls(initial={**as_typed(pair), **(typed or {})})

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
