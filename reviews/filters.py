"""What a list of pairs is narrowed to: read from its address, shown as chips, applied to the entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django import forms
from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.timezone import make_aware

from reviews.forms_corpus import CHANNEL_CHOICES
from training.models import Pair, PairEntry, Source, Voice
from training.models.corpus import Split
from training.models.search import PairEntryQuerySet

ALL = "all"
STATES = {**dict(PairEntry.State.choices), ALL: "All"}
SORTS = {
    "": ("Oldest first", ("id",)),
    "newest": ("Newest first", ("-id",)),
    "longest": ("Longest first", ("-words", "-id")),
    "shortest": ("Shortest first", ("words", "id")),
    "unexplained": ("Most unexplained facts first", ("-unexplained", "-id")),
}
UNEXPLAINED = {"unexplained": "Some are unexplained", "explained": "All are in the brief or fact sheet"}
COPIES = {"with": "Shown as well", "without": "Left out everywhere", "only": "Nothing else"}
NOBODY = "nobody"
KEPT = (
    "state",
    "q",
    "channel",
    "split",
    "made",
    "source",
    "shortest",
    "longest",
    "facts",
    "copies",
    "by",
    "since",
    "until",
    "sort",
)
"""The names that an address of this list may hold, besides the page."""


People = list[tuple[str, str]]


class Chip(NamedTuple):
    """One filter in words, and the address's query without it."""

    said: str
    without: str


def day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def some(name: str) -> list[tuple[str, str]]:
    return [("", name)]


def people_of(voice: Voice) -> People:
    """Who works or worked for the client, by key and name."""
    people = User.objects.filter(memberships__client=voice.client).distinct().order_by("first_name", "username")
    return [(str(person.pk), person.first_name or person.username) for person in people]


def midnight(day: date) -> datetime:
    """Compared as a moment: taking each row's date would cost a call into Python for every row of SQLite."""
    return make_aware(datetime.combine(day, time.min))


class PairFilters(forms.Form):
    """Every field may be left out. One that makes no sense is told of, and narrows nothing."""

    q = forms.CharField(required=False, max_length=1000, label="Search briefs and copy")
    state = forms.ChoiceField(required=False, choices=list(STATES.items()))
    channel = forms.ChoiceField(required=False, choices=some("Every channel") + CHANNEL_CHOICES)
    split = forms.ChoiceField(required=False, choices=some("Every split") + Split.choices)
    made = forms.ChoiceField(required=False, label="From", choices=some("Anywhere") + Pair.Made.choices)
    source = forms.CharField(required=False, max_length=400, label="Name of the source")
    shortest = forms.IntegerField(required=False, min_value=0, max_value=10**6, label="Words, at least")
    longest = forms.IntegerField(required=False, min_value=0, max_value=10**6, label="Words, at most")
    facts = forms.ChoiceField(
        required=False, label="Facts of the copy", choices=some("No matter which") + list(UNEXPLAINED.items())
    )
    copies = forms.ChoiceField(
        required=False,
        label="Near-copies of what is kept",
        choices=some("Left out of what is to decide") + list(COPIES.items()),
    )
    by = forms.ChoiceField(required=False, label="Decided by")
    since = forms.DateField(required=False, label="Added since", widget=day())
    until = forms.DateField(required=False, label="Added until", widget=day())
    sort = forms.ChoiceField(required=False, label="Order", choices=[(key, name) for key, (name, _) in SORTS.items()])

    NARROWING = ("channel", "split", "made", "source", "shortest", "longest", "facts", "copies", "by", "since", "until")

    def __init__(self, query: Mapping[str, Any], voice: Voice, people: People | None = None) -> None:
        super().__init__({name: str(query.get(name, "")).replace("\0", "") for name in KEPT}, label_suffix="")
        self.voice = voice
        names = people_of(voice) if people is None else people
        self.fields["by"].choices = [*some("Anybody"), *names, (NOBODY, "Nobody yet")]  # type: ignore[attr-defined]
        self.is_valid()
        for name in self.errors:
            self.cleaned_data[name] = ""

    @property
    def search(self) -> str:
        return str(self.cleaned_data["q"])

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the state narrows the list."""
        return any(self.cleaned_data[name] not in ("", None) for name in ("q", *self.NARROWING))

    @property
    def narrowing(self) -> list[forms.BoundField]:
        return [self[name] for name in self.NARROWING]

    def state_of(self, has_open: bool) -> str:
        """The state asked for, else what is most of use."""
        return self.cleaned_data["state"] or ("open" if has_open else "validated")

    def query(self, **instead: str) -> str:
        """The address's query that says the same, and nothing that narrows nothing."""
        kept = QueryDict(mutable=True)
        for name in KEPT:
            value = instead.get(name, self.data[name] if name not in self.errors else "")
            if value:
                kept[name] = value
        return kept.urlencode()

    def chips(self) -> list[Chip]:
        return [Chip(said, self.query(**{name: ""})) for name, said in self.told()]

    def told(self) -> Iterator[tuple[str, str]]:
        """Each filter but the state: its name, and in words."""
        if self.search:
            yield "q", f"“{self.search}”"
        for name in self.NARROWING:
            value, field = self.cleaned_data[name], self.fields[name]
            if isinstance(field, forms.ChoiceField):
                value = dict(field.choices)[value] if value else ""  # type: ignore[arg-type]
            elif isinstance(value, date):
                value = f"{value.day} {value:%b %Y}"
            if value not in ("", None):
                yield name, f"{field.label or name.capitalize()}: {value}"

    def entries(self, state: str) -> PairEntryQuerySet:
        """The entries that match, in the order asked for."""
        rows = PairEntry.objects.filter(voice=self.voice)
        if state != ALL:
            rows = rows.filter(state=state)
        asked = self.cleaned_data
        for name, column in (
            ("channel", "channel"),
            ("split", "split"),
            ("made", "made"),
            ("shortest", "words__gte"),
            ("longest", "words__lte"),
        ):
            if asked[name] not in ("", None):
                rows = rows.filter(**{column: asked[name]})
        if asked["since"]:
            rows = rows.filter(added_at__gte=midnight(asked["since"]))
        if asked["until"]:
            rows = rows.filter(added_at__lt=midnight(asked["until"] + timedelta(days=1)))
        if asked["source"]:
            rows = rows.filter(source__in=Source.objects.filter(voice=self.voice, name__icontains=asked["source"]))
        if asked["facts"]:
            rows = rows.filter(unexplained__gt=0) if asked["facts"] == "unexplained" else rows.filter(unexplained=0)
        if asked["copies"] == "only":
            rows = rows.left_out(self.voice)
        elif asked["copies"] == "without" or (not asked["copies"] and state == PairEntry.State.OPEN):
            rows = rows.without_copies(self.voice)
        if asked["by"]:
            rows = (
                rows.filter(decided_by__isnull=True) if asked["by"] == NOBODY else rows.filter(decided_by=asked["by"])
            )
        if self.search:
            rows = rows.matching(self.search)
        return rows.order_by(*SORTS[asked["sort"]][1])
