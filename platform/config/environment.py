"""What differs between installations: environment variables, and the secrets beside the data."""

import os
import secrets
from pathlib import Path


def flag(name: str, *, default: bool = False) -> bool:
    """Return whether the environment switches `name` on."""
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """Return the comma-separated words of the variable `name`."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def number(name: str, default: int) -> int:
    """Return the whole number in the variable `name`."""
    return int(os.environ.get(name) or default)


def secret(name: str, folder: Path) -> str:
    """Return the secret `name` from the environment, or from its file, made on the first run.

    The file is created in one step and readable by its owner alone, so that two processes that
    start together agree on one secret.
    """
    if given := os.environ.get(name):
        return given
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name.lower()
    if not path.exists():
        draft = folder / f".{path.name}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
