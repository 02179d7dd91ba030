"""What a batch is made of, and what it says of every pick."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from active_learning.strategies.drawing import Indices
from active_learning.strategies.utilities import Array

Reason = Literal["audit", "informative", "diverse", "shortfall", "repeat", "cold-start"]


@dataclass(frozen=True)
class Shares:
    """How a batch is divided; the rest goes to gold and experts, not to this pool."""

    informative: float = 0.50
    diverse: float = 0.20
    audit: float = 0.15

    @classmethod
    def of(cls, audit: float, elsewhere: float = 0.15) -> "Shares":
        """Divide what `audit` and `elsewhere` leave by 5 : 2.

        >>> Shares.of(audit=0.30, elsewhere=0.0)
        Shares(informative=0.5, diverse=0.2, audit=0.3)

        Raises:
            ValueError: a share is negative, or the two exceed the whole.
        """
        rest = 1.0 - audit - elsewhere
        if audit < 0 or elsewhere < 0 or rest < -1e-9:
            raise ValueError("The shares of audit and elsewhere lie in 0 to 1, together too.")
        return cls(round(max(rest, 0) * 5 / 7, 12), round(max(rest, 0) * 2 / 7, 12), audit)

    def counts(self, size: int) -> tuple[int, int, int]:
        """Return the numbers of informative, diverse and audit picks in a batch of `size`.

        The audit is rounded up, since what it measures rests on it alone.

        >>> Shares().counts(100)
        (50, 20, 15)
        """
        total = round(size * min(1.0, self.informative + self.diverse + self.audit))
        audit = min(total, math.ceil(size * self.audit - 1e-9))
        informative = min(total - audit, round(size * self.informative))
        return informative, total - audit - informative, audit


@dataclass(frozen=True)
class Batch:
    """Picks in the order in which they were drawn.

    Clips without labels and with (reason "repeat") are drawn as two sequences, each from its own
    kind alone. `probabilities` is q of each pick given the earlier ones of its sequence: what
    `lure_weights` takes, for each kind by itself. Every clip of a kind that may be chosen had
    q > 0 at every draw; every new clip had at every audit.
    """

    indices: Indices  # (B,) rows of the pool
    reasons: npt.NDArray[np.str_]  # (B,)
    probabilities: Array  # (B,)
