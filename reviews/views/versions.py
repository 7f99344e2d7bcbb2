from django.http import Http404, HttpResponse

from reviews import access


def promote(request: access.Request, client: str, voice: str, version: object) -> HttpResponse:
    raise Http404("Not built yet.")


def roll_back(request: access.Request, client: str, voice: str, version: object) -> HttpResponse:
    raise Http404("Not built yet.")
