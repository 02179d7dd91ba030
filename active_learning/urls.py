"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from active_learning import views

app_name = "active_learning"
urlpatterns: list[URLPattern | URLResolver] = [
    path("campaigns/<int:pk>/rounds/", views.rounds, name="rounds"),
]
