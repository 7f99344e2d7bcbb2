from django.http import Http404, HttpResponse

from reviews import access


def people(request: access.Request, client: str) -> HttpResponse:
    raise Http404("Not built yet.")


def person(request: access.Request, client: str, person: int) -> HttpResponse:
    raise Http404("Not built yet.")
