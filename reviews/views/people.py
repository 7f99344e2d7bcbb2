"""A client's people: the list with the invitation, and one person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.views.decorators.http import require_http_methods

from reviews import access
from reviews.forms_people import InviteForm, RolesForm
from reviews.models import Membership
from reviews.people import LastLead, change_roles, deactivate, invite
from reviews.views.lists import csv_response
from reviews.views.page import render_page
from training.models import Client
from voicelab.roles import Can, Role


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: access.Request, client: str) -> HttpResponse:
    found = access.client_for(request, client, Can.MANAGE)
    form = InviteForm(request.POST or None)
    link = ""
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        user, is_new = invite(found, values["email"], values["name"], values["roles"], by=request.user)
        messages.success(request, f"{user.first_name or user.username} works for {found.name} now.")
        if not is_new:
            return redirect("people", client)
        link = password_link(request, user)
        send_link(request, user)
        form = InviteForm()
    search = request.GET.get("q", "").strip()
    rows = members(found, search)
    if request.GET.get("format") == "csv":
        table = ([row["name"], row["email"], ", ".join(row["roles"]), row["active"]] for row in rows)
        return csv_response(f"{found.slug}-people", ["name", "e-mail", "roles", "active"], table)
    context = {"client": found, "rows": rows, "form": form, "search": search, "link": link}
    return render_page(request, "reviews/people.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: access.Request, client: str, person: int) -> HttpResponse:
    found = access.client_for(request, client, Can.MANAGE)
    user = User.objects.filter(pk=person, memberships__client=found).distinct().first()
    if user is None:
        raise Http404("No such person.")
    held = Membership.objects.filter(user=user, client=found)
    form = RolesForm(initial={"roles": [one.role for one in held]})
    if request.method == "POST":
        try:
            if request.POST.get("act") == "deactivate":
                deactivate(found, user, by=request.user)
                messages.success(request, f"{user.first_name} can no longer open {found.name}.")
                return redirect("people", client)
            form = RolesForm(request.POST)
            if form.is_valid():
                change_roles(found, user, form.cleaned_data["roles"], by=request.user)
                messages.success(request, "Saved.")
                return redirect("people", client)
        except LastLead:
            messages.error(request, f"{found.name} needs a lead. Make somebody else one first.")
            return redirect("person", client, person)
    context = {
        "client": found,
        "person": user,
        "form": form,
        "link": password_link(request, user) if not user.last_login else "",
        "is_active": any(one.is_active for one in held),
    }
    return render_page(request, "reviews/person.html", context, status=422 if form.errors else 200)


def members(client: Client, search: str) -> list[dict[str, Any]]:
    """One row a person, with all roles."""
    rows = Membership.objects.filter(client=client).select_related("user").order_by("user__first_name", "user", "role")
    if search:
        rows = rows.filter(Q(user__first_name__icontains=search) | Q(user__email__icontains=search))
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        one = found.setdefault(
            row.user_id,
            {"id": row.user_id, "name": row.user.first_name, "email": row.user.email, "roles": [], "active": False},
        )
        one["roles"].append(Role(row.role).label)
        one["active"] = one["active"] or row.is_active
    return list(found.values())


def password_link(request: access.Request, user: User) -> str:
    """A link with which this person sets a password, good for three days or until it is used."""
    uid, token = urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)
    return request.build_absolute_uri(reverse("password_reset_confirm", args=[uid, token]))


def send_link(request: access.Request, user: User) -> None:
    form = PasswordResetForm({"email": user.email})
    if form.is_valid():
        form.save(request=request, use_https=request.is_secure())
