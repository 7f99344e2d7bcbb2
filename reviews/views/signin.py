"""Signing in, passwords, and the few pages that a signed-out person may open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.views import LoginView, PasswordResetConfirmView, PasswordResetView
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views import View

from reviews.models import Attempt
from reviews.throttle import forget, remember_browser, seconds_to_wait


def public(view: type[View]) -> Callable[..., HttpResponseBase]:
    """A class-based view as a function that `LoginRequiredMiddleware` lets everybody open."""
    return login_not_required(view.as_view())


class SignInForm(AuthenticationForm):
    """A user name is an e-mail address here, and those know no capitals."""

    username = UsernameField(label="E-mail address", widget=forms.TextInput(attrs={"autofocus": True}))
    error_messages = {"invalid_login": "This address and this password do not belong together."}

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()


class SignIn(LoginView):
    """The sign-in page; somebody who is signed in already goes on to their start page."""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.POST.get("username", "")
        if seconds := seconds_to_wait(request, Attempt.Kind.SIGN_IN, name):
            form = SignInForm(request, initial={"username": name[:150]})
            context = self.get_context_data(form=form, minutes=-(-seconds // 60))
            response = self.render_to_response(context, status=429)
            response["Retry-After"] = str(seconds)
            return response
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        name = form.get_user().get_username()
        forget(name, self.request)
        response = super().form_valid(form)
        remember_browser(self.request, response, name)
        return response


class AskForLink(PasswordResetView):
    """Mails a password link. Too many tries end on the same page, without a mail."""

    def form_valid(self, form: Any) -> HttpResponse:
        if seconds_to_wait(self.request, Attempt.Kind.LINK, form.cleaned_data["email"]):
            return HttpResponseRedirect(self.get_success_url())
        return super().form_valid(form)


class SetPassword(PasswordResetConfirmView):
    """Sets the password for whoever came by the mailed link, and lets them sign in at once."""

    def form_valid(self, form: Any) -> HttpResponse:
        forget(self.user.get_username())
        return super().form_valid(form)
