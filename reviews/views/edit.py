from django.http import Http404, HttpResponse

from reviews import access


def edit(request: access.Request, client: str, voice: str, sample: object) -> HttpResponse:
    raise Http404("Not built yet.")
