"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from pytest_django.fixtures import Settings

from accounts.models import User
from annotation.models import Campaign
from tests import factories
from tests.conftest_audit import flush_with_triggers_lifted  # noqa: F401 - a fixture

# How long an example takes says nothing on a machine that is shared.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def own_folders(settings: Settings, tmp_path: Path) -> None:
    """Give every test its own folders for media and what is made of them."""
    for name in ("MEDIA_ROOT", "UPLOAD_ROOT", "EXPORT_ROOT", "FEATURE_ROOT", "LEARNER_ROOT"):
        setattr(settings, name, tmp_path / name.lower())


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """Forget the language that a page was asked for in."""
    yield
    translation.deactivate()


@pytest.fixture
def real_data() -> Path:
    """Return the folder of recorded clips and answers, or skip where it is not there."""
    if not DATA.is_dir():
        pytest.skip("needs the recorded data in ../shared/data")
    return DATA


@pytest.fixture
def campaign(db: None) -> Campaign:
    return factories.make_campaign()


@pytest.fixture
def annotator(db: None) -> User:
    return factories.make_annotator()


@pytest.fixture
def researcher(db: None) -> User:
    return factories.make_researcher()


@pytest.fixture
def reviewer(db: None) -> User:
    return factories.make_reviewer()


@pytest.fixture
def postgresql(db: None) -> None:
    """Skip where the tests do not run on PostgreSQL."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: set DATABASE_URL")
