"""Strategies: which clips to ask about next, and with what probability; pure."""

from active_learning.strategies.batch import Batch, Reason, Shares
from active_learning.strategies.composing import compose_batch
from active_learning.strategies.diversity import Spread, k_centre
from active_learning.strategies.drawing import Urn
from active_learning.strategies.lure import lure_weights
from active_learning.strategies.pool import Pool, expected_information, is_cold
from active_learning.strategies.registry import STRATEGIES, Strategy
from active_learning.strategies.utilities import Middle

__all__ = ["STRATEGIES", "Batch", "Middle", "Pool", "Reason", "Shares", "Spread", "Strategy", "Urn"]
__all__ += ["compose_batch", "expected_information", "is_cold", "k_centre", "lure_weights"]
