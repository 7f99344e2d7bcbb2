"""Every address of the app. A view, its template, its URL name and its test carry the same word."""

from django.contrib.auth import views as auth
from django.urls import path

from reviews.views import (
    brief,
    cleaning,
    compare,
    dashboard,
    edit,
    exports,
    home,
    log,
    pair,
    pairs,
    passages,
    people,
    runs,
    score,
    sources,
    versions,
    voice,
)
from reviews.views.signin import AskForLink, SetPassword, SignIn, public

VOICE = "clients/<slug:client>/voices/<slug:voice>/"

urlpatterns = [
    # Signing in and out, and passwords
    path("sign-in/", SignIn.as_view(), name="login"),
    path("sign-out/", auth.LogoutView.as_view(), name="logout"),
    path("password/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("password/changed/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("password/reset/", public(AskForLink), name="password_reset"),
    path("password/reset/sent/", public(auth.PasswordResetDoneView), name="password_reset_done"),
    path("password/reset/done/", public(auth.PasswordResetCompleteView), name="password_reset_complete"),
    path("password/reset/<uidb64>/<token>/", public(SetPassword), name="password_reset_confirm"),
    # A person's start, and a client's people and log
    path("", home.home, name="home"),
    path("healthz/", home.health, name="health"),
    path("clients/<slug:client>/people/", people.people, name="people"),
    path("clients/<slug:client>/people/<int:person>/", people.person, name="person"),
    path("clients/<slug:client>/log/", log.log, name="log"),
    # One voice
    path(VOICE, voice.voice, name="voice"),
    path(VOICE + "sources/", sources.sources, name="sources"),
    path(VOICE + "sources/<uuid:source>/", sources.source, name="source"),
    path(VOICE + "cleaning/", cleaning.cleaning, name="cleaning"),
    path(VOICE + "cleaning/lines/", cleaning.lines, name="lines"),
    path(VOICE + "passages/", passages.passages, name="passages"),
    path(VOICE + "passages/<uuid:passage>/", passages.passage, name="passage"),
    path(VOICE + "pairs/", pairs.pairs, name="pairs"),
    path(VOICE + "pairs/<uuid:pair>/", pair.pair, name="pair"),
    path(VOICE + "score/", score.score, name="score"),
    path(VOICE + "compare/", compare.compare, name="compare"),
    path(VOICE + "samples/<uuid:sample>/edit/", edit.edit, name="edit"),
    path(VOICE + "runs/", runs.runs, name="runs"),
    path(VOICE + "runs/<uuid:run>/", runs.run, name="run"),
    path(VOICE + "runs/<uuid:run>/cancel/", runs.cancel, name="cancel"),
    path(VOICE + "dashboard/", dashboard.dashboard, name="dashboard"),
    path(VOICE + "briefs/<uuid:brief>/", brief.brief, name="brief"),
    path(VOICE + "versions/<uuid:version>/promote/", versions.promote, name="promote"),
    path(VOICE + "versions/<uuid:version>/roll-back/", versions.roll_back, name="roll_back"),
    path(VOICE + "export/<slug:kind>/", exports.export, name="export"),
]
