"""Fitted parameters as plain values, to keep them and to aggregate with them later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import numpy as np

from annotation.agreement.aggregation import Parameters
from annotation.agreement.confusions import DawidSkeneParameters
from annotation.agreement.glad import GladParameters
from annotation.agreement.spam_by_class import ByClassParameters
from annotation.agreement.spam_mixture import SpamParameters
from annotation.agreement.spam_reading import ReadingParameters
from annotation.agreement.vote_share import ShareParameters

KINDS = {
    "share": ShareParameters,
    "dawid_skene": DawidSkeneParameters,
    "spam": SpamParameters,
    "spam_by_class": ByClassParameters,
    "spam_reading": ReadingParameters,
    "glad": GladParameters,
}


def to_plain(parameters: Parameters) -> dict[str, object]:
    """Return `parameters` as values that JSON can hold, to the last bit.

    >>> to_plain(ShareParameters(1.0, np.array([0.5, 0.5])))
    {'kind': 'share', 's': 1.0, 'm': [0.5, 0.5], 'smooth': True}
    """
    kind = next(name for name, known in KINDS.items() if type(parameters) is known)
    values = {f.name: getattr(parameters, f.name) for f in fields(KINDS[kind])}
    plain = {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in values.items()}
    return {"kind": kind, **plain}


def from_plain(plain: Mapping[str, object]) -> Parameters:
    """Return the parameters that `to_plain` wrote; ValueError for a kind that is not known.

    >>> from_plain({"kind": "share", "s": 1.0, "m": [0.5, 0.5], "smooth": True}).m
    array([0.5, 0.5])
    """
    kind = KINDS.get(str(plain.get("kind")))
    if kind is None:
        raise ValueError(f"There are no parameters of the kind {plain.get('kind')!r}.")
    values = {name: value for name, value in plain.items() if name != "kind"}
    arrays = {k: np.array(v) if isinstance(v, list) else v for k, v in values.items()}
    parameters: Parameters = kind(**arrays)
    return parameters
