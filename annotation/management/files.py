"""Settings that come in a file: reading it, and saying line by line what is wrong with it."""

import json
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import CommandError


def read_settings(path: Path) -> dict[str, Any]:
    """Return the mapping in a YAML or JSON file.

    Raises:
        CommandError: it cannot be read, or is something else.
    """
    try:
        text = path.read_text(encoding="utf-8")
        settings = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from error
    except (ValueError, yaml.YAMLError) as error:
        raise CommandError(f"{path} is not {path.suffix[1:] or 'YAML'}: {error}") from error
    if not isinstance(settings, dict):
        raise CommandError(f"{path}: a mapping of keys to values is needed.")
    return settings


def sentences(errors: Any, field: str = "") -> list[str]:
    """Return an error a line, each with the path of its field."""
    if isinstance(errors, dict):
        prefix = f"{field}." if field else ""
        return [
            line for name, error in errors.items() for line in sentences(error, f"{prefix}{name}")
        ]
    if isinstance(errors, list):
        return [line for error in errors for line in sentences(error, field)]
    return [f"{field}: {errors}"]
