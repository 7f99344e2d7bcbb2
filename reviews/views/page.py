"""One page, one template: the whole of it for a plain request, one partial of it for htmx."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from reviews.access import Request


def render_page(
    request: Request, template: str, context: dict[str, Any], *, part: str = "", status: int = 200
) -> HttpResponse:
    """Render `template`, or its partial `part` when htmx asks for it.

    An invalid form answers with status 422, which htmx is configured to swap in.
    """
    swap = bool(part) and bool(request.htmx) and not request.htmx.history_restore_request
    response = render(request, f"{template}#{part}" if swap else template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
