"""What a clip can be grouped by when a learner is judged: kind, the researcher's attributes,
how strong the feeling is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from annotation.models import Campaign, Population, Summary

MOST_ATTRIBUTES = 8
MOST_LETTERS = 60
# Ages in years are told in bands.
AGE = "age"
BANDS = ((18, "0-17"), (30, "18-29"), (45, "30-44"), (60, "45-59"))
OLDEST = "60+"
WEAK, STRONG = "weak", "strong"


def of(
    campaign: Campaign, population: Population, rows: Sequence[Mapping[str, Any]]
) -> dict[int, dict[str, str]]:
    """Return the traits by task of `rows`, each with its task, kind and the clip's attributes."""
    counted = Counter(name for row in rows for name in row["attributes"])
    names = sorted(name for name, _n in counted.most_common(MOST_ATTRIBUTES))
    strengths = _strengths(campaign, population)
    middle = median(strengths.values()) if strengths else 0.0
    return {
        row["task"]: _attributes(row["attributes"], names)
        | {"kind": row["kind"]}
        | _strength(strengths.get(row["task"]), middle)
        for row in rows
    }


def band(age: Any) -> str:
    """Return the band of an age in years; what is no number stays as it is."""
    try:
        years = float(age)
    except (TypeError, ValueError):
        return str(age)
    return next((name for end, name in BANDS if years < end), OLDEST)


def _attributes(attributes: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    found = {name: attributes[name] for name in names if attributes.get(name) not in (None, "")}
    return {
        name: (band(value) if name.casefold() == AGE else str(value))[:MOST_LETTERS]
        for name, value in found.items()
    }


def _strength(value: float | None, middle: float) -> dict[str, str]:
    if value is None:
        return {}
    return {"intensity": STRONG if value > middle else WEAK}


def _strengths(campaign: Campaign, population: Population) -> dict[int, float]:
    """Return the mean intensity by task, where a question asks for one."""
    rows = Summary.objects.consented().filter(task__campaign=campaign, population=population)
    found = {task: _intensity(value) for task, value in rows.values_list("task", "value")}
    return {task: value for task, value in found.items() if value is not None}


def _intensity(summary: dict[str, Any]) -> float | None:
    """Return the mean intensity of a summary, of a dimension of that name or beside an emotion."""
    dimension = (summary.get("dimensions") or {}).get("intensity") or {}
    value = dimension.get("mean", summary.get("intensity"))
    return float(value) if isinstance(value, int | float) else None
