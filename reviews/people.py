"""Who works for a client: its first lead, then invite, change, deactivate. Each in one transaction, and logged."""

from __future__ import annotations

import secrets

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.text import slugify

from reviews.models import Membership, record
from training.models import Client, Voice
from voicelab.roles import Role


class LastLead(Exception):
    """The change would leave the client without a lead."""


class AlreadyHere(Exception):
    """The invited person works for this client already, or did: their page changes that."""

    def __init__(self, user: User) -> None:
        super().__init__(user.username)
        self.user = user


def slug_of(name: str) -> str:
    """The name as it stands in addresses; empty for one without Latin letters or digits."""
    return slugify(name)[:60].strip("-")


@transaction.atomic
def add_client(name: str, voice: str, *, lead: str) -> Voice:
    """A new client with its first voice, led by whoever reads the e-mail address `lead`."""
    client = Client.objects.create(slug=slug_of(name), name=name)
    made = Voice.objects.create(client=client, slug=slug_of(voice), name=voice)
    record("client.added", client=client, user=None, voice=made)
    invite(client, lead, "", [Role.LEAD], by=None)
    return made


@transaction.atomic
def invite(client: Client, email: str, name: str, roles: list[str], *, by: User | None) -> User:
    """Give the person these roles, making their account if they have none yet. Raises `AlreadyHere`."""
    email = email.strip().lower()
    user, is_new = User.objects.get_or_create(
        username=email, defaults={"email": email, "first_name": name.strip()[:150]}
    )
    if Membership.objects.filter(client=client, user=user).exists():
        raise AlreadyHere(user)
    if is_new:
        # Unusable passwords get no reset mail; a long random one is as good, and nobody knows it.
        user.set_password(secrets.token_urlsafe(40))
        user.save(update_fields=["password"])
    Membership.objects.bulk_create(Membership(client=client, user=user, role=role) for role in roles)
    record("person.invited", client=client, user=by, person=email, roles=roles)
    return user


@transaction.atomic
def change_roles(client: Client, user: User, roles: list[str], *, by: User) -> None:
    """Raises `LastLead`."""
    held = Membership.objects.filter(client=client, user=user)
    before, is_active = set(held.values_list("role", flat=True)), held.filter(is_active=True).exists()
    if before == set(roles):
        return
    if Role.LEAD not in roles:
        require_another_lead(client, user)
    held.exclude(role__in=roles).delete()
    Membership.objects.bulk_create(
        Membership(client=client, user=user, role=role, is_active=is_active) for role in roles if role not in before
    )
    record("person.changed", client=client, user=by, person=user.username, roles=roles)


@transaction.atomic
def deactivate(client: Client, user: User, *, by: User) -> None:
    """Close every door of this client to the person. Raises `LastLead`."""
    require_another_lead(client, user)
    if Membership.objects.filter(client=client, user=user, is_active=True).update(is_active=False):
        record("person.deactivated", client=client, user=by, person=user.username)


@transaction.atomic
def reactivate(client: Client, user: User, *, by: User) -> None:
    """Open the doors again that the person's roles opened before."""
    if Membership.objects.filter(client=client, user=user, is_active=False).update(is_active=True):
        record("person.reactivated", client=client, user=by, person=user.username)


def require_another_lead(client: Client, user: User) -> None:
    """The rows stay locked until the change is made: of two leads who deactivate each other, one stays."""
    leads = Membership.objects.select_for_update().filter(client=client, role=Role.LEAD, is_active=True)
    if set(leads.values_list("user", flat=True)) == {user.pk}:
        raise LastLead
