"""Tokens: with one, a program does what its person may do. The key is shown once; a digest of it is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from reviews.models import Attempt, Token
from reviews.throttle import seconds_to_wait

PREFIX = "vl_"  # so that scanners for leaked keys find ours
MOST = 20
USED_EVERY = timedelta(minutes=1)


class Refused(Exception):
    """No token, or none that is known; `seconds` to wait before the next try."""

    def __init__(self, seconds: int = 0) -> None:
        self.seconds = seconds


def make(user: User, name: str) -> str:
    """A new key for this person. Raises `IntegrityError` when they have a token of this name already."""
    key = PREFIX + secrets.token_urlsafe(32)
    Token.objects.create(user=user, name=name, digest=digest(key))
    return key


def person_of(request: HttpRequest) -> User:
    """Whom the request's `Authorization: Bearer` speaks for. Raises `Refused`; wrong keys are slowed like passwords."""
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not key.strip():
        raise Refused
    token = Token.objects.filter(digest=digest(key.strip()), user__is_active=True).select_related("user").first()
    if token is None:
        raise Refused(seconds_to_wait(request, Attempt.Kind.TOKEN, digest(key)))
    now = timezone.now()
    if token.used_at is None or now - token.used_at > USED_EVERY:
        Token.objects.filter(pk=token.pk).update(used_at=now)
    return token.user


def digest(key: str) -> str:
    """Quick on purpose: a random key of 32 bytes cannot be guessed, so there is nothing to slow down."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
