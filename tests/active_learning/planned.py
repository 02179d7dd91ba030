"""Plans that are asked for and answered."""

from __future__ import annotations

from functools import cache
from typing import Any

from accounts.models import User
from active_learning.foreseeing import foresee
from active_learning.models import Plan
from active_learning.plan_serializers import AskSerializer, may_ask_of, settings_of

ASK: dict[str, Any] = {
    "clips": 120,
    "people": 12,
    "difficulty": "crema-d-face",
    "annotators": 12,
    "careless": 0.1,
    "scenarios": [{"least": 3}, {"least": 2, "most": 5}],
    "repetitions": 5,
}
LEARNS: dict[str, Any] = {"strategies": ["margin"], "learner_reaches": 0.6}


def checked(**changes: Any) -> dict[str, Any]:
    """Return a question as a plan keeps it."""
    asked = AskSerializer(data=ASK | changes, context=may_ask_of(None))
    asked.is_valid(raise_exception=True)
    return settings_of(asked.validated_data)


@cache
def _answer(*, learns: bool) -> dict[str, Any]:
    return foresee(checked(**(LEARNS if learns else {})), None, lambda _share, _what: None)


def make_plan(owner: User, *, learns: bool = False, **fields: Any) -> Plan:
    """Make a plan that the simulator has answered."""
    question = checked(**(LEARNS if learns else {}))
    fields.setdefault("result", _answer(learns=learns))
    return Plan.objects.create(owner=owner, question=question, **fields)
