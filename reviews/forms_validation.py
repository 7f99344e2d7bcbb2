"""Forms of validation: what a lot is drawn from, and what an expert finds in a pair."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.timezone import make_aware

from reviews.forms_corpus import CHANNEL_CHOICES
from reviews.forms_desk import LONGEST
from reviews.lots import name_of
from reviews.models_validation import Verdict
from reviews.validation import ACCEPTED_AT, OVERLAP
from training.metrics.acceptance import ACCEPTABLE, REJECTABLE
from training.models import Pair

FAR_APART = 2
"""How many times the acceptable level the rejectable one is, at least: nearer ones take enormous samples."""


def share_field(label: str, help_text: str, least: float, most: float) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": "any"})
    return forms.FloatField(label=label, help_text=help_text, min_value=least, max_value=most, widget=widget)


class DrawForm(forms.Form):
    """Which accepted pairs make a lot, and how sure its verdict is to be. Shares are in percent."""

    source = forms.CharField(
        required=False, max_length=400, label="Source", help_text="Part of its name, if the lot is to be of one source."
    )
    annotator = forms.ChoiceField(required=False, label="Accepted by")
    channel = forms.ChoiceField(required=False, choices=[("", "All channels"), *CHANNEL_CHOICES])
    since = forms.DateField(
        required=False, label="Accepted from", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        required=False, label="Accepted until", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    acceptable = share_field("Good enough, in %", "A lot with so many defects should pass.", 0.1, 25)
    rejectable = share_field("Too bad, in %", "A lot with so many should be caught.", 0.5, 60)
    overlap = share_field("Read twice, in %", "Part of the sample, to see how far experts agree.", 0, 100)

    def __init__(self, people: list[User], data: Any = None) -> None:
        given = data if data and "acceptable" in data else None
        shares = {"acceptable": ACCEPTABLE, "rejectable": REJECTABLE, "overlap": OVERLAP}
        start = {name: f"{100 * share:g}" for name, share in shares.items()}
        super().__init__(start if given is None else given)
        self.people = {str(user.pk): user for user in people}
        names = [(key, name_of(user)) for key, user in self.people.items()]
        self.fields["annotator"].choices = [("", "Anybody"), *names]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        good, bad = values.get("acceptable"), values.get("rejectable")
        if good and bad and bad < FAR_APART * good:
            self.add_error("rejectable", f"Make it {FAR_APART} times what is good enough, or more: {2 * good:g} here.")
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            self.add_error("until", "This is before the first day.")
        return values

    def chosen(self, pairs: QuerySet[Pair]) -> QuerySet[Pair]:
        """Those of `pairs` that the form asks for."""
        given = self.cleaned_data
        if given["source"]:
            pairs = pairs.filter(passage__source__name__icontains=given["source"])
        if given["annotator"]:
            pairs = pairs.filter(decided_by=int(given["annotator"]))
        if given["channel"]:
            pairs = pairs.filter(brief__channel=given["channel"])
        if given["since"]:
            pairs = pairs.filter(
                GreaterThanOrEqual(ACCEPTED_AT, make_aware(datetime.combine(given["since"], time.min)))
            )
        if given["until"]:
            pairs = pairs.filter(LessThanOrEqual(ACCEPTED_AT, make_aware(datetime.combine(given["until"], time.max))))
        return pairs

    def words(self) -> dict[str, str]:
        """What the lot is drawn from, to be kept beside it."""
        given = self.cleaned_data
        annotator = self.people.get(given["annotator"])
        told = {
            "Source": given["source"],
            "Accepted by": name_of(annotator) if annotator else "",
            "Channel": dict(CHANNEL_CHOICES).get(given["channel"], ""),
            "From": f"{given['since']:%-d %b %Y}" if given["since"] else "",
            "Until": f"{given['until']:%-d %b %Y}" if given["until"] else "",
        }
        return {name: value for name, value in told.items() if value}

    def levels(self) -> dict[str, float]:
        return {name: self.cleaned_data[name] / 100 for name in ("acceptable", "rejectable")}


class ReadingForm(forms.Form):
    verdict = forms.ChoiceField(
        choices=Verdict.choices, error_messages={"required": "Say whether it is good, or what is wrong with it."}
    )
    comment = forms.CharField(
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Goes to whoever mends it.",
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("verdict") == Verdict.OTHER and not values.get("comment"):
            self.add_error("comment", "Say in a few words what is wrong.")
        return values

    def choices(self) -> list[tuple[int, str, str, bool]]:
        """(its key, verdict, its words, whether it is chosen) for the template."""
        chosen = self["verdict"].value()
        return [(digit, value, label, value == chosen) for digit, (value, label) in enumerate(Verdict.choices, start=1)]
