from django.http import Http404, HttpResponse

from reviews import access


def voice(request: access.Request, client: str, voice: str) -> HttpResponse:
    raise Http404("Not built yet.")
