from django.http import Http404, HttpResponse

from reviews import access


def pairs(request: access.Request, client: str, voice: str) -> HttpResponse:
    raise Http404("Not built yet.")


def pair(request: access.Request, client: str, voice: str, pair: object) -> HttpResponse:
    raise Http404("Not built yet.")
