"""The blind comparison screen."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from reviews import access
from reviews.forms_desk import CompareForm
from reviews.scoring import record_comparison
from reviews.views.desk import work


@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: access.Request, client: str, voice: str) -> HttpResponse:
    return work(
        request,
        client,
        voice,
        purpose="compare",
        form_class=CompareForm,
        save=lambda task, form: record_comparison(task, form.cleaned_data["verdict"], form.cleaned_data["comment"]),
    )
