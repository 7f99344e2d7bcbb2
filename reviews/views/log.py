from django.http import Http404, HttpResponse

from reviews import access


def log(request: access.Request, client: str) -> HttpResponse:
    raise Http404("Not built yet.")
