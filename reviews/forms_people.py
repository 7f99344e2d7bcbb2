"""Forms for people and for a voice's own settings."""

from __future__ import annotations

from django import forms

from voicelab.roles import WORK, Role


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        choices=[(role, f"{role.label}: {WORK[role]}") for role in Role],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one role."},
    )


class InviteForm(RolesForm):
    name = forms.CharField(max_length=150)
    email = forms.EmailField(label="E-mail address", max_length=150)
    field_order = ["name", "email", "roles"]


class VoiceForm(forms.Form):
    name = forms.CharField(max_length=120)
    guidelines = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 12}), max_length=50_000)
    fact_sheet = forms.CharField(
        required=False, label="Fact sheet", widget=forms.Textarea(attrs={"rows": 8}), max_length=50_000
    )
    target = forms.IntegerField(label="Brand alignment target, in %", min_value=1, max_value=100)
