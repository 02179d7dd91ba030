"""Under which consents a learner learns; for the manifest of its round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from annotation.models import Task
from consent.models import Consent

BATCH = 500


def consents(tasks: Iterable[int], purpose: str) -> list[dict[str, Any]]:
    """Return the forms by which the people in `tasks` allow `purpose` now.

    Each as {form, version, form_sha256, purposes, people}: counts, and nobody's key, so that it
    may stay when somebody withdraws. Whoever allows it by two forms is counted with both.
    """
    wanted = sorted(tasks)
    people: dict[tuple[str, int, str, tuple[str, ...]], set[int]] = defaultdict(set)
    for start in range(0, len(wanted), BATCH):
        shown = Task.objects.filter(pk__in=wanted[start : start + BATCH])
        given = Consent.objects.in_force().filter(
            participant__in=shown.values("clip__participants")
        )
        for key, version, sha256, purposes, person in given.values_list(
            "form__key", "form__version", "form_sha256", "purposes", "participant"
        ):
            if purpose in purposes:
                people[key, version, sha256, tuple(sorted(purposes))].add(person)
    names = ("form", "version", "form_sha256", "purposes")
    return [
        dict(zip(names, form, strict=True)) | {"purposes": list(form[3]), "people": len(who)}
        for form, who in sorted(people.items())
    ]
