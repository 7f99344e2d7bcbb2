"""Forms of the page for data in and out."""

from __future__ import annotations

from typing import Any

from django import forms

from reviews import exports
from reviews.forms_corpus import CHANNEL_CHOICES
from training.corpus.formats.detect import ROLES
from training.corpus.reading.document import MAXIMUM_BYTES
from training.models import DataSet, Pair
from training.models.corpus import Split

FILES = {"jsonl": "JSON lines", "csv": "CSV, for spreadsheets", "parquet": "Parquet"}
ROLE_NAMES = {
    "prompt": "Request",
    "input": "Input beside the request",
    "completion": "Copy",
    "chosen": "Preferred text",
    "rejected": "The other text",
    "left": "Left text",
    "right": "Right text",
    "verdict": "Vote: left or right",
    "label": "Wanted or not",
    "rating": "Rating, 1 to 5",
    "topic": "Topic",
    "channel": "Channel",
    "facts": "Key facts",
    "audience": "Audience",
    "call_to_action": "Call to action",
    "split": "Split",
    "status": "Status",
    "strength": "Strength, 0 to 1",
    "id": "Id",
}


class ExportForm(forms.Form):
    """What to download of one kind, as an `exports.Choice` in `cleaned_data["choice"]`; all of it has a default."""

    shape = forms.ChoiceField(required=False)
    file = forms.ChoiceField(required=False, choices=list(FILES.items()))
    status = forms.MultipleChoiceField(
        required=False, choices=Pair.Status.choices, widget=forms.CheckboxSelectMultiple, label="Status"
    )
    split = forms.MultipleChoiceField(
        required=False, choices=Split.choices, widget=forms.CheckboxSelectMultiple, label="Split"
    )

    def __init__(self, kind: str, data: Any = None) -> None:
        super().__init__(
            data,
            auto_id=f"{kind}-%s",
            initial={"shape": "prompt", "file": "jsonl", "status": ["validated"], "split": Split.values},
        )
        self.kind = kind
        shapes = exports.Choice(kind).shapes
        self.fields["shape"].choices = [  # type: ignore[attr-defined]
            (key, f"{shape.name} ({shape.loads})") for key, shape in shapes.items()
        ]
        if kind != "pairs":
            del self.fields["status"]

    @property
    def empty(self) -> str:
        """What to say when there is nothing to download; of a narrower choice than usual, that."""
        if self.cleaned_data.get("split") or self.cleaned_data.get("status"):
            return f"No {self.kind} match what was chosen. Choose more of them."
        return exports.KINDS[self.kind].empty

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors:
            given = {"shape": values["shape"], "container": values["file"]}
            given |= {"statuses": values.get("status"), "splits": values["split"]}
            try:
                values["choice"] = exports.Choice(self.kind, **{name: value for name, value in given.items() if value})
            except exports.ChoiceError as error:
                raise forms.ValidationError(str(error)) from error
        return values


class DataSetForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text="JSON lines, JSON, CSV or Parquet with a pair or a preference in each row, or an export of Label "
        f"Studio, doccano or Argilla. {MAXIMUM_BYTES // 2**20} MB at most; larger ones with manage.py import_data.",
        widget=forms.ClearableFileInput(attrs={"accept": ".jsonl,.json,.csv,.tsv,.parquet"}),
        error_messages={"required": "Choose a file.", "empty": "This file is empty."},
    )
    channel = forms.ChoiceField(
        choices=CHANNEL_CHOICES, initial="blog", label="Channel", help_text="Of rows that name none."
    )
    licence = forms.CharField(
        required=False,
        max_length=200,
        label="Permission to use it",
        help_text="For instance: written for us, contract of 3 May.",
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAXIMUM_BYTES:
            raise forms.ValidationError(
                f"It has {file.size / 2**20:,.0f} MB; {MAXIMUM_BYTES // 2**20} are the most here. Ask for it to be "
                "imported with manage.py import_data, or split it."
            )
        return file


class MappingForm(forms.Form):
    """Which column of the file is what, and the channel of rows that name none."""

    otherwise = forms.ChoiceField(choices=CHANNEL_CHOICES, label="Channel of rows that name none")

    def __init__(self, data_set: DataSet, data: Any = None) -> None:
        super().__init__(data, initial={"otherwise": data_set.channel, **data_set.mapping})
        columns = data_set.report.get("columns", [])
        for role in ROLES if columns else ():
            self.fields[role] = forms.ChoiceField(
                required=False, label=ROLE_NAMES[role], choices=[("", "None"), *((name, name) for name in columns)]
            )

    @property
    def mapping(self) -> dict[str, str]:
        return {role: self.cleaned_data[role] for role in ROLES if self.cleaned_data.get(role)}


class ImportDataForm(forms.Form):
    trust = forms.BooleanField(
        required=False,
        label="Take over what the file says is validated",
        help_text="Otherwise these come in as proposed, for somebody to decide.",
    )
