"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from web import views

app_name = "web"
urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", views.health, name="health"),
]
