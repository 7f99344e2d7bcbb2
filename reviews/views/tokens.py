"""A person's own tokens: made, shown once, listed, revoked."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from reviews.access import Request
from reviews.forms_imports import TokenForm
from reviews.tokens import MOST, make
from reviews.views.lists import csv_response, searched
from reviews.views.page import render_page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: Request) -> HttpResponse:
    mine = request.user.tokens
    form, key = TokenForm(), ""
    if request.method == "POST" and "revoke" in request.POST:
        wanted = request.POST["revoke"]
        if wanted.isdecimal() and mine.filter(pk=int(wanted[:18])).delete()[0]:
            messages.success(request, "The token is revoked: what still uses it is turned away.")
        return redirect("tokens")
    if request.method == "POST":
        form = TokenForm(request.POST)
        if form.is_valid() and mine.count() >= MOST:
            form.add_error(None, f"You have {MOST} tokens. Revoke one that nobody uses.")
        elif form.is_valid():
            try:
                with transaction.atomic():
                    key = make(request.user, form.cleaned_data["name"])
                form = TokenForm()
            except IntegrityError:
                form.add_error("name", "You have a token of this name. Revoke it first, or choose another name.")
    search = searched(request)
    rows = mine.filter(name__icontains=search) if search else mine.all()
    if request.GET.get("format") == "csv":
        return csv_response("tokens", ["for", "made", "last used"], rows.values_list("name", "created_at", "used_at"))
    context = {"form": form, "key": key, "tokens": rows, "search": search}
    return render_page(request, "reviews/tokens.html", context, status=422 if form.errors else 200)
