from django.http import Http404, HttpResponse

from reviews import access


def export(request: access.Request, client: str, voice: str, kind: str) -> HttpResponse:
    raise Http404("Not built yet.")
