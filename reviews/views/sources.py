from django.http import Http404, HttpResponse

from reviews import access


def sources(request: access.Request, client: str, voice: str) -> HttpResponse:
    raise Http404("Not built yet.")


def source(request: access.Request, client: str, voice: str, source: object) -> HttpResponse:
    raise Http404("Not built yet.")
