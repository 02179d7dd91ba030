"""How this site collects static files."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class OwnStaticFilesConfig(StaticFilesConfig):
    # htmx's extensions import it under a name that only a bundler resolves; none is used here.
    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx/ext/*"]
