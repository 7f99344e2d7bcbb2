"""A client's people: the list with the invitation, and one person."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.views.decorators.http import require_http_methods

from reviews import access
from reviews.forms_people import InviteForm, RolesForm
from reviews.models import Membership
from reviews.people import AlreadyHere, LastLead, change_roles, deactivate, invite, reactivate
from reviews.views.lists import csv_response, searched
from reviews.views.page import render_page
from training.models import Client
from voicelab.roles import Can, Role


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: access.Request, client: str) -> HttpResponse:
    found = access.client_for(request, client, Can.MANAGE)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            user = invite(found, values["email"], values["name"], values["roles"], by=request.user)
        except AlreadyHere as error:
            form.add_error("email", f"{name_of(error.user)} is on the list already. Change the roles there.")
        else:
            send_invitation(request, found, user)
            return redirect("people", client)
    search = searched(request)
    everybody = members(found)
    rows = [row for row in everybody if search.lower() in f"{row['name']} {row['email']}".lower()]
    if request.GET.get("format") == "csv":
        table = ([row["name"], row["email"], ", ".join(row["roles"]), row["state"]] for row in rows)
        return csv_response(f"{found.slug}-people", ["name", "e-mail", "roles", "state"], table)
    active = sum(row["active"] for row in everybody)
    context = {"client": found, "rows": rows, "active": active, "form": form, "search": search}
    return render_page(request, "reviews/people.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: access.Request, client: str, person: int) -> HttpResponse:
    found = access.client_for(request, client, Can.MANAGE)
    user = access.person_for(found, person)
    held = Membership.objects.filter(user=user, client=found)
    act = request.POST.get("act", "save" if request.method == "POST" else "")
    form = RolesForm(request.POST if act == "save" else None, initial={"roles": [one.role for one in held]})
    if act and (act != "save" or form.is_valid()):
        try:
            if act == "deactivate":
                deactivate(found, user, by=request.user)
                messages.success(request, f"{name_of(user)} can no longer open {found.name}.")
            elif act == "reactivate":
                reactivate(found, user, by=request.user)
                messages.success(request, f"{name_of(user)} works for {found.name} again.")
            elif act == "remind" and not user.last_login:
                send_invitation(request, found, user)
            elif act == "save":
                change_roles(found, user, form.cleaned_data["roles"], by=request.user)
                messages.success(request, "Saved.")
        except LastLead:
            messages.error(request, f"{found.name} needs a lead. Make somebody else one first.")
            return redirect("person", client, person)
        # Somebody who just gave up the role cannot open the list any more.
        manages = Can.MANAGE in access.granted_to(request.user, found)
        return redirect("people", client) if manages else redirect("home")
    context = {
        "client": found,
        "person": user,
        "form": form,
        "roles": [Role(one.role).label for one in held],
        "is_active": any(one.is_active for one in held),
    }
    return render_page(request, "reviews/person.html", context, status=422 if form.errors else 200)


def members(client: Client) -> list[dict[str, Any]]:
    """One row a person, with all roles."""
    found: dict[int, dict[str, Any]] = {}
    for one in Membership.objects.filter(client=client).select_related("user").order_by("user__first_name", "user"):
        row = found.setdefault(
            one.user_id,
            {"id": one.user_id, "name": one.user.first_name, "email": one.user.email, "roles": [], "active": False},
        )
        row["roles"].append(Role(one.role).label)
        row["active"] = row["active"] or one.is_active
        row["state"] = "active" if row["active"] else "deactivated"
    return list(found.values())


def name_of(user: User) -> str:
    return user.first_name or user.username


def send_invitation(request: access.Request, client: Client, user: User) -> None:
    """Tell the person by e-mail alone: whoever reads that address, and no lead, sets the password of an account
    that may open other clients, too."""
    link = request.build_absolute_uri(reverse("home"))
    if not user.last_login:
        uid, token = urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)
        link = request.build_absolute_uri(reverse("password_reset_confirm", args=[uid, token]))
    context = {"client": client, "by": name_of(request.user), "person": user, "link": link}
    text = render_to_string("reviews/invitation.txt", context)
    try:
        send_mail(f"You work for {client.name} on VoiceLab", text, None, [user.email])
    except (OSError, SMTPException) as error:
        messages.error(
            request, f"{name_of(user)} is on the list, but the e-mail could not be sent ({error}). Send it again later."
        )
        return
    where = "" if settings.EMAIL_HOST else " There is no mail server yet: find it in the data folder, under mail."
    messages.success(request, f"{name_of(user)} works for {client.name} now. An e-mail with a link is out.{where}")
