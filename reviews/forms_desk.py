"""Forms of the review desk: every limit and every message."""

from __future__ import annotations

from django import forms

from reviews.models import RATING, Comparison

CRITERIA = {
    "brand_voice": ("Brand voice", ["off brand", "not quite us", "could be us", "sounds like us", "purely us"]),
    "accuracy": ("Accuracy", ["invents facts", "misses much", "mostly right", "no errors", "every fact right"]),
    "creativity": ("Creativity", ["seen it all before", "flat", "fine", "fresh", "bold and apt"]),
    "overall": ("Overall", ["start again", "much to mend", "needs an edit", "nearly there", "publish it"]),
}

KEYS = {"left": "←", "right": "→", "equal": "=", "both_bad": "X"}
DAY = 24 * 3600.0
LONGEST = 2000  # characters of a comment or a reason


class ScoreForm(forms.Form):
    """Four ratings and a comment. `rows` is what the template draws: one scale a criterion."""

    comment = forms.CharField(required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, (label, _) in CRITERIA.items():
            self.fields[name] = forms.TypedChoiceField(
                label=label,
                choices=RATING,
                coerce=int,
                error_messages={"required": f"Rate {label.lower()} from 1 to 5."},
            )

    def rows(self) -> list[dict[str, object]]:
        return [
            {
                "name": name,
                "label": label,
                "steps": [
                    (step, word, str(self[name].value()) == str(step)) for step, word in enumerate(words, start=1)
                ],
                "errors": self[name].errors,
            }
            for name, (label, words) in CRITERIA.items()
        ]

    def ratings(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in CRITERIA}


class CompareForm(forms.Form):
    verdict = forms.ChoiceField(
        choices=Comparison.Verdict.choices,
        error_messages={"required": "Choose the better one, or say that you cannot."},
    )
    comment = forms.CharField(required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))

    def choices(self) -> list[tuple[str, str, str, bool]]:
        """(verdict, its words, its key, whether it is chosen) for the template."""
        chosen = self["verdict"].value()
        return [(value, label, KEYS[value], value == chosen) for value, label in Comparison.Verdict.choices]


class EditForm(forms.Form):
    text = forms.CharField(
        label="Copy",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14, "class": "reading"}),
        error_messages={"required": "The copy is empty. Write what should be published."},
    )

    def active_seconds(self) -> float | None:
        """The time spent writing, as the page measured it; None where it could not, so never a false zero."""
        try:
            seconds = float(self.data.get("active_seconds", ""))
        except ValueError:
            return None
        return seconds if 0 < seconds <= DAY else None
