"""The score screen."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from reviews import access
from reviews.forms_desk import ScoreForm
from reviews.scoring import record_score
from reviews.views.desk import work


@require_http_methods(["GET", "HEAD", "POST"])
def score(request: access.Request, client: str, voice: str) -> HttpResponse:
    return work(
        request,
        client,
        voice,
        purpose="score",
        form_class=ScoreForm,
        save=lambda task, form: record_score(task, form.ratings(), form.cleaned_data["comment"]),
    )
