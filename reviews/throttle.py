"""Slows down the guessing of passwords, without a lock that one person could turn on another.

Tries count for a quarter of an hour: by name and place, by place, and by name from everywhere. A browser where the
person signed in before is a place of its own that the guesses of others never count against, and who can
read the person's mail sets a new password and starts afresh. So nobody is kept out for long.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from reviews.models import Attempt

WINDOW = timedelta(minutes=15)
COOKIE, COOKIE_SECONDS = "browser", 180 * 24 * 3600


@dataclass(frozen=True)
class Limits:
    """How many tries within the window are let through."""

    name_and_place: int
    place: int
    name: int


LIMITS = {
    Attempt.Kind.SIGN_IN: Limits(name_and_place=5, place=50, name=50),
    Attempt.Kind.LINK: Limits(name_and_place=3, place=20, name=5),
    Attempt.Kind.TOKEN: Limits(name_and_place=5, place=50, name=50),
}


def seconds_to_wait(request: HttpRequest, kind: Attempt.Kind, name: str) -> int:
    """Note the try and answer 0, or how long to wait before the next one, which is then not noted.

    Noting comes before counting, so that many tries at once cannot slip through together.
    """
    place, limits, now = place_of(request, name), LIMITS[kind], timezone.now()
    Attempt.objects.filter(created_at__lt=now - WINDOW).delete()
    this = Attempt.objects.create(kind=kind, name=digest(name), place=place)
    others = Attempt.objects.filter(kind=kind).exclude(pk=this.pk)
    here, by_name = others.filter(place=place), others.filter(name=this.name)
    free = [free_at(here.filter(name=this.name), limits.name_and_place), free_at(here, limits.place)]
    if not browser_of(request, name):
        free.append(free_at(by_name, limits.name))
    wait = max((at - now).total_seconds() for at in [now, *filter(None, free)])
    if wait > 0:
        this.delete()
    return math.ceil(wait)


def free_at(tries: QuerySet[Attempt], limit: int) -> datetime | None:
    """When the oldest of the last `limit` tries stops to count."""
    last = tries.order_by("-created_at").values_list("created_at", flat=True)[limit - 1 : limit]
    return last[0] + WINDOW if last else None


def forget(name: str, request: HttpRequest | None = None) -> None:
    """The person has proved to be it: forget the tries from this place, or from everywhere."""
    tries = Attempt.objects.filter(name=digest(name))
    if request:
        tries = tries.filter(place=place_of(request, name))
    tries.delete()


def remember_browser(request: HttpRequest, response: HttpResponseBase, name: str) -> None:
    """Know this browser again: the person has signed in here."""
    token = browser_of(request, name) or secrets.token_urlsafe(12)
    response.set_signed_cookie(
        *(COOKIE, f"{digest(name)}.{token}", COOKIE),
        max_age=COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def browser_of(request: HttpRequest, name: str) -> str:
    """The token of the browser if this very person signed in with it before, else empty."""
    value = str(request.get_signed_cookie(COOKIE, "", COOKIE, max_age=COOKIE_SECONDS))
    whose, _, token = value.partition(".")
    return token if whose == digest(name) else ""


def place_of(request: HttpRequest, name: str) -> str:
    token = browser_of(request, name)
    return f"browser {token}" if token else address_of(request)


def address_of(request: HttpRequest) -> str:
    """The sender's network address, in IPv6 the network of one household; behind a proxy, what the proxy saw."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", address).split(",")[-1].strip()
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:60]
    return str(found) if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))


def digest(name: str) -> str:
    return hashlib.sha256(name.strip().lower().encode()).hexdigest()
