"""Who works for a client: invite, change, deactivate. Each act in one transaction, and logged."""

from __future__ import annotations

import secrets

from django.contrib.auth.models import User
from django.db import transaction

from reviews.models import Membership, record
from training.models import Client
from voicelab.roles import Role


class LastLead(Exception):
    """The change would leave the client without a lead."""


@transaction.atomic
def invite(client: Client, email: str, name: str, roles: list[str], *, by: User) -> tuple[User, bool]:
    """Give the person these roles, making their account if it is new. Returns (person, whether it is new)."""
    email = email.strip().lower()
    user, is_new = User.objects.get_or_create(
        username=email, defaults={"email": email, "first_name": name.strip()[:150]}
    )
    if is_new:
        # Unusable passwords get no reset mail; a long random one is as good, and nobody knows it.
        user.set_password(secrets.token_urlsafe(40))
        user.save(update_fields=["password"])
    set_roles(client, user, roles)
    record("person.invited", client=client, user=by, person=email, roles=roles)
    return user, is_new


@transaction.atomic
def change_roles(client: Client, user: User, roles: list[str], *, by: User) -> None:
    """Raises `LastLead`."""
    if Role.LEAD not in roles:
        require_another_lead(client, user)
    set_roles(client, user, roles)
    record("person.changed", client=client, user=by, person=user.username, roles=roles)


@transaction.atomic
def deactivate(client: Client, user: User, *, by: User) -> None:
    """Close every door of this client to the person. Raises `LastLead`."""
    require_another_lead(client, user)
    Membership.objects.filter(client=client, user=user).update(is_active=False)
    record("person.deactivated", client=client, user=by, person=user.username)


def set_roles(client: Client, user: User, roles: list[str]) -> None:
    Membership.objects.filter(client=client, user=user).exclude(role__in=roles).delete()
    for role in roles:
        Membership.objects.update_or_create(client=client, user=user, role=role, defaults={"is_active": True})


def require_another_lead(client: Client, user: User) -> None:
    leads = Membership.objects.select_for_update().filter(client=client, role=Role.LEAD, is_active=True)
    found = set(leads.values_list("user", flat=True))
    if found == {user.pk}:
        raise LastLead
