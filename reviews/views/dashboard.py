from django.http import Http404, HttpResponse

from reviews import access


def dashboard(request: access.Request, client: str, voice: str) -> HttpResponse:
    raise Http404("Not built yet.")


def brief(request: access.Request, client: str, voice: str, brief: object) -> HttpResponse:
    raise Http404("Not built yet.")
