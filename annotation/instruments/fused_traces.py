"""One trace out of those of several annotators, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from annotation.agreement.answers import Floats
from annotation.agreement.ewe import standardised, weighted
from annotation.agreement.traces.events import RATE, PointerEvents, resample
from annotation.agreement.traces.fusing import fuse_traces
from annotation.instruments.base import Said, Summary

DIGITS = 4
# A trace of no length has one sample, and nothing to compare.
SHORTEST = 1 / RATE


def fused(answers: Sequence[Said], *, bounded: bool) -> Summary:
    """Return the fused trace of one clip, 10 values a second.

    `value` and `spread` are None where nobody was following. `annotators` are in the order of
    `lags` (seconds behind the quickest), `weights`, `ccc_before` and `ccc_after` (concordance with
    the others, as recorded and without the lags). Where one alone answered, or nobody agrees, it
    is the plain mean; there are no lags and no concordance. Relative traces are brought to mean 0
    and standard deviation 1 first. Of an annotator's traces of the same clip the last one counts.
    """
    last = {one.annotator: one.answer for one in answers}
    people = sorted(last)
    traces = _resampled([last[person] for person in people])
    comparable = traces if bounded else standardised(traces)
    common: dict[str, Any] = {"n": len(people), "rate": int(RATE), "annotators": people}
    try:
        found = fuse_traces(traces, bounded=bounded)
    except ValueError:  # One alone, too short, or nobody agrees: there is nothing to weigh by.
        mean = weighted(comparable, np.ones(len(people)))
        return {
            **common,
            "fused": False,
            "value": _plain(mean.value),
            "spread": _plain(mean.spread),
        }
    return {
        **common,
        "fused": True,
        "value": _plain(found.fused.value),
        "spread": _plain(found.fused.spread),
        "lags": _plain(found.lags.seconds),
        "weights": _plain(found.fused.weights),
        "ccc_before": _plain(found.ccc_before),
        "ccc_after": _plain(found.ccc_after),
    }


def _resampled(answers: Sequence[dict[str, Any]]) -> Floats:
    """Return the traces on one even grid, (n_annotators, n)."""
    ends = [_end(answer) for answer in answers]
    duration = max(SHORTEST, *ends)
    return np.array(
        [
            resample(_events(answer), duration, until=end)
            for answer, end in zip(answers, ends, strict=True)
        ]
    )


def _events(answer: dict[str, Any]) -> PointerEvents:
    media, clock, value = np.array(answer["events"], dtype=float).T
    return PointerEvents.of(media, clock / 1000, value)


def _end(answer: dict[str, Any]) -> float:
    """Return up to which second of the clip the annotator was following."""
    moved = float(answer["events"][-1][0])
    return max([moved, *(float(media) for _kind, _clock, media in answer["log"])])


def _plain(values: Floats) -> list[float | None]:
    return [round(float(v), DIGITS) + 0.0 if np.isfinite(v) else None for v in values]
