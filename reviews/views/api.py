"""Imports for programs: JSON, with a person's token and that person's roles.

No session counts here, only the token that the caller sends, so no page of another site can use it unseen; that is why
these views need no CSRF token.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.views.decorators.csrf import csrf_exempt

from reviews import access
from reviews.forms_imports import ImportForm
from reviews.tokens import Refused, person_of
from reviews.views.sources import uploads_of
from training.models import Import, ImportFile
from training.uploads import start_import
from voicelab.roles import Can

P = ParamSpec("P")
FILES_PER_PAGE = 1000


def for_programs(*methods: str) -> Callable[..., Callable[..., HttpResponse]]:
    """A view that answers in JSON, errors as well, to whoever brings a token."""

    def around(view: Callable[Concatenate[access.Request, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                request.user = person_of(request)
                if request.method not in methods:
                    return problem(405, f"Use {' or '.join(methods)}.", Allow=", ".join(methods))
                return view(request, *args, **kwargs)  # type: ignore[arg-type]
            except Refused as refused:
                if refused.seconds:
                    minutes = -(-refused.seconds // 60)
                    told = f"Too many wrong tokens. Try again in {minutes} min."
                    return problem(429, told, **{"Retry-After": str(refused.seconds)})
                told = "Send a token: Authorization: Bearer TOKEN. People make theirs on their page Tokens."
                return problem(401, told, **{"WWW-Authenticate": "Bearer"})
            except Http404:
                return problem(404, "There is nothing here, or your token opens no door to it.")
            except PermissionDenied as error:
                return problem(403, str(error))
            except (BadRequest, SuspiciousOperation, MultiPartParserError) as error:
                return problem(400, str(error))

        return answer

    return around


@for_programs("GET", "HEAD", "POST")
def api_imports(request: access.Request, client: str, voice: str) -> HttpResponse:
    """POST: start an import. GET: the voice's imports, 50 a page."""
    found = access.voice_for(request, client, voice, Can.CURATE)
    if request.method != "POST":
        page = Paginator(found.imports.all(), 50).get_page(request.GET.get("page"))
        return JsonResponse({"imports": [told(job) for job in page], "pages": page.paginator.num_pages})
    values, files = sent(request)
    form = ImportForm(
        {
            "address": values.get("url", ""),
            "pasted": values.get("text", ""),
            "licence": values.get("licence", ""),
            "channel": values.get("channel", ""),
            "key": key_of(request, values),
        },
        files,
    )
    if not form.is_valid():
        named = {"address": "url", "pasted": "text", "__all__": "request"}
        errors = {named.get(name, name): [str(one) for one in found] for name, found in form.errors.items()}
        return JsonResponse({"error": "; ".join(sum(errors.values(), [])), "fields": errors}, status=422)
    uploads, _ = uploads_of(form, str(values.get("name", "")))
    before = found.imports.filter(key=form.cleaned_data["key"]).exists()
    job = start_import(
        found,
        uploads,
        key=form.cleaned_data["key"],
        origin=Import.Origin.API,
        user=request.user,
        licence=form.cleaned_data["licence"],
        channel=form.cleaned_data["channel"],
    )
    where = reverse("api_import", args=[client, voice, job.pk])
    return JsonResponse(told(job), status=200 if before else 201, headers={"Location": where})


@for_programs("GET", "HEAD")
def api_import(request: access.Request, client: str, voice: str, importing: uuid.UUID) -> HttpResponse:
    """How far an import has come, and what became of each file, 1,000 a page."""
    found = access.voice_for(request, client, voice, Can.CURATE)
    job = access.import_for(found, importing)
    counts = dict(job.files.order_by().values_list("state").annotate(count=Count("pk")))
    page = Paginator(job.files.order_by("position"), FILES_PER_PAGE).get_page(request.GET.get("page"))
    total = sum(counts.values())
    progress = {"files": total, "done": total - counts.get(ImportFile.State.WAITING, 0), **counts}
    files = [
        {
            "name": file.name,
            "url": file.url,
            "state": file.state,
            "reason": file.reason,
            "pairs": file.pairs,
            "source": str(file.source_id) if file.source_id else None,
            "rows_left_out": file.rows_left_out,
            "left_out": file.left_out,
        }
        for file in page
    ]
    return JsonResponse({**told(job), "progress": progress, "files": files, "pages": page.paginator.num_pages})


def told(job: Import) -> dict[str, Any]:
    return {
        "id": str(job.pk),
        "state": job.state,
        "origin": job.origin,
        "address": job.address,
        "licence": job.licence,
        "channel": job.channel,
        "error": job.error,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
    }


def sent(request: HttpRequest) -> tuple[dict[str, Any], MultiValueDict[str, Any]]:
    """The fields and files of a form, or of a JSON object of texts. Raises `BadRequest`."""
    if request.content_type != "application/json":
        return request.POST.dict(), request.FILES
    try:
        values = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is no JSON.") from error
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise BadRequest('Send a JSON object of texts, as {"url": "https://example.com/blog"}.')
    return values, MultiValueDict()


def key_of(request: HttpRequest, values: dict[str, Any]) -> uuid.UUID | None:
    """The same `Idempotency-Key` twice is the same import."""
    key = request.headers.get("Idempotency-Key", "") or values.get("key", "")
    return uuid.uuid5(uuid.NAMESPACE_URL, key) if key else None


def problem(status: int, told: str, **headers: str) -> JsonResponse:
    return JsonResponse({"error": told}, status=status, headers=headers)
