from django.http import Http404, HttpResponse

from reviews import access


def runs(request: access.Request, client: str, voice: str) -> HttpResponse:
    raise Http404("Not built yet.")


def run(request: access.Request, client: str, voice: str, run: object) -> HttpResponse:
    raise Http404("Not built yet.")


def cancel(request: access.Request, client: str, voice: str, run: object) -> HttpResponse:
    raise Http404("Not built yet.")
