"""`platform/` is a shelf of packages, not a package: the standard library owns the name."""

from __future__ import annotations

import importlib
import platform
import subprocess
import sys
import sysconfig
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHELF = ROOT / "platform"
ON_THE_SHELF = sorted(path.parent.name for path in SHELF.glob("*/__init__.py"))
OURS = [*ON_THE_SHELF, "annotation", "active_learning"]


def test_the_standard_platform_wins() -> None:
    assert platform.python_version()
    assert Path(platform.__file__).is_relative_to(sysconfig.get_path("stdlib"))


@pytest.mark.parametrize("start", [["-c"], ["-m", "timeit", "-n", "1"]])
def test_the_standard_platform_wins_in_the_project_folder(start: list[str]) -> None:
    code = "import platform; platform.python_version()"
    subprocess.run([sys.executable, *start, code], cwd=ROOT, check=True, capture_output=True)


def test_the_shelf_is_not_a_package() -> None:
    assert not (SHELF / "__init__.py").exists()


def test_no_module_lies_on_the_shelf_itself() -> None:
    assert [path.name for path in SHELF.iterdir() if path.is_file()] == []


def test_what_lies_on_the_shelf_is_a_package() -> None:
    folders = {path.name for path in SHELF.iterdir() if path.is_dir()} - {"__pycache__"}

    assert folders == set(ON_THE_SHELF) >= {"accounts", "audit", "config", "consent", "jobs", "web"}


@pytest.mark.parametrize("name", OURS)
def test_our_packages_come_from_here(name: str) -> None:
    home = SHELF if name in ON_THE_SHELF else ROOT

    assert importlib.import_module(name).__file__ == str(home / name / "__init__.py")


@pytest.mark.parametrize("name", OURS)
def test_nobody_else_has_a_package_of_our_name(name: str) -> None:
    assert name not in sys.stdlib_module_names
    assert set(packages_distributions().get(name, [])) <= {"attune"}
