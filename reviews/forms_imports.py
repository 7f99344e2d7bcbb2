"""The forms of an import and of a token."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from reviews.forms_corpus import CHANNEL_CHOICES
from training.corpus.fetching import LONGEST_ADDRESS, FetchError, parsed
from training.corpus.reading.detect import SUFFIXES
from training.corpus.reading.document import MAXIMUM_BYTES
from training.models import ImportFile

LONGEST_NAME = ImportFile._meta.get_field("name").max_length or 0


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files in one field; `clean` gives the list of them. An empty one is the import's to name."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class ImportForm(forms.Form):
    # Drawn with the form: a second click sends the same one.
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    files = ManyFilesField(  # type: ignore[assignment]  # the form's files are in request.FILES
        required=False,
        allow_empty_file=True,
        label="Files",
        help_text="Text, web pages, Word, PDF, PowerPoint, Excel, e-mail, feeds, e-books, CSV, JSON, or a ZIP of them: "
        f"{MAXIMUM_BYTES // 2**20} MB each at most.",
        widget=ManyFilesInput(attrs={"accept": ",".join(SUFFIXES)}),
    )
    folder = ManyFilesField(
        required=False,
        allow_empty_file=True,
        label="Or a folder, with all below it",
        widget=ManyFilesInput(attrs={"webkitdirectory": True}),
    )
    address = forms.CharField(
        required=False,
        max_length=LONGEST_ADDRESS,
        label="Or an address",
        help_text="A page, a feed or a sitemap, whose pages are fetched one by one.",
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://", "autocomplete": "off"}),
    )
    pasted = forms.CharField(
        required=False, label="Or paste text", widget=forms.Textarea(attrs={"rows": 5}), max_length=200_000
    )
    channel = forms.ChoiceField(
        required=False,
        choices=[("", "As each file tells, or by its name"), *CHANNEL_CHOICES],
        label="What was it written for?",
    )
    licence = forms.CharField(
        required=False,
        max_length=200,
        label="Permission to use it",
        help_text="For instance: client's own copy, contract of 3 May.",
    )

    @classmethod
    def fresh(cls) -> ImportForm:
        return cls(initial={"key": uuid.uuid4()})

    @property
    def named_files(self) -> list[tuple[str, Any]]:
        """Each file with its path in the folder that it was chosen from, which tells the channel, or with its name.

        Uploads carry bare names, so paths come beside them in `paths`, a line for each file in the files' order.
        """
        files = [*self.cleaned_data["files"], *self.cleaned_data["folder"]]
        paths = str(self.data.get("paths", "")).replace("\r\n", "\n").split("\n")
        if len(paths) != len(files):
            return [(file.name, file) for file in files]
        return [(path_of(file.name, path), file) for file, path in zip(files, paths, strict=True)]

    def clean_key(self) -> uuid.UUID:
        return self.cleaned_data["key"] or uuid.uuid4()

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).strip()
        if address:
            try:
                # Where it leads is looked at when it is fetched.
                parsed(address, private=True)
            except FetchError as error:
                raise forms.ValidationError(sentence(error)) from error
        return address

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        given = [values.get(name) for name in ("files", "folder", "address")]
        if not self.errors and not any(given) and not values.get("pasted", "").strip():
            raise forms.ValidationError("Choose at least one file, paste some text, or write an address.")
        return values


class TokenForm(forms.Form):
    name = forms.CharField(max_length=80, label="What is it for?", help_text="For instance: the nightly import.")


def path_of(name: str, path: str) -> str:
    """The path if it is one of the file with this name, else the name. It is a name and opens nothing."""
    parts = "".join(sign for sign in path if sign.isprintable()).split("/")
    path = "/".join(part for part in parts if part.strip() not in ("", ".", ".."))
    return path if path.endswith(f"/{name}") and len(path) <= LONGEST_NAME else name


def sentence(error: Exception) -> str:
    """An error's words, which begin small because they follow a file's name, as a sentence of their own."""
    words = str(error)
    return words[:1].upper() + words[1:]
