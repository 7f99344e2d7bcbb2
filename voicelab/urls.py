"""The whole URL tree."""

from django.urls import include, path

urlpatterns = [path("", include("reviews.urls"))]
