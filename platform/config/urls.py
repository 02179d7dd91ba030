"""Every address of the site."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from web.problems import not_found

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("web.urls")),
    path("language/", set_language, name="set_language"),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("consent/", include("consent.urls")),
    path("", include("annotation.urls")),
    path("", include("active_learning.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    path("api/v1/", include("annotation.api.urls")),
    path("api/v1/", include("active_learning.api")),
    path("api/<path:rest>", not_found),
]
