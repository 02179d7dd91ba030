"""cleanlab's ActiveLab (Goh & Mueller 2023) as a way to ask; None where it is not installed."""

from __future__ import annotations

import contextlib
import io

import numpy as np
import numpy.typing as npt

from active_learning.simulating.arms import Ask

wanted: Ask | None = None
with contextlib.suppress(ImportError):
    from cleanlab.multiannotator import get_active_learning_scores

    def _wanted(
        table: npt.NDArray[np.float64],
        predicted: npt.NDArray[np.float64],
        labelled: npt.NDArray[np.bool_],
    ) -> npt.NDArray[np.float64]:
        """Return minus its scores (n,): it asks first where they are lowest."""
        known = table[labelled]
        known = known[:, ~np.isnan(known).all(axis=0)]
        # It says on every call whose labels overlap with nobody's.
        with contextlib.redirect_stdout(io.StringIO()):
            old, new = get_active_learning_scores(known, predicted[labelled], predicted[~labelled])
        scores = np.empty(len(table))
        scores[labelled] = -old
        scores[~labelled] = -new
        return scores

    wanted = _wanted
