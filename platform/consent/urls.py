"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from consent import views

app_name = "consent"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.reviews, name="reviews"),
    path("decided/", views.decided, name="decided"),
    path("participants/", views.participants, name="participants"),
    path("<int:pk>/", views.record, name="record"),
]
