"""The app's configuration: it holds the commands that concern the whole site."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
