"""The one address of the bare server."""

from django.urls import path

from benchmarks.bare import claim_and_insert

urlpatterns = [path("", claim_and_insert)]
