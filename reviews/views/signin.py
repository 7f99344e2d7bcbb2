"""Signing in, and the few pages that a signed-out person may open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpResponseBase
from django.views import View


def public(view: type[View]) -> Callable[..., HttpResponseBase]:
    """A class-based view as a function that `LoginRequiredMiddleware` lets everybody open."""
    return login_not_required(view.as_view())


class SignIn(LoginView):
    """The sign-in page; somebody who is signed in already goes on to their start page."""

    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> Any:
        return super().get_default_redirect_url()
