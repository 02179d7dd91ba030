"""Strategies: which clips to ask about next, and with what probability; pure."""

from active_learning.strategies.batch import Batch, Reason, Shares
from active_learning.strategies.composing import compose_batch
from active_learning.strategies.diversity import Spread, k_centre
from active_learning.strategies.drawing import draw, draw_evenly
from active_learning.strategies.lure import lure_weights
from active_learning.strategies.pool import Pool, is_cold, prior_information
from active_learning.strategies.utilities import STRATEGIES, Strategy

__all__ = ["STRATEGIES", "Batch", "Pool", "Reason", "Shares", "Spread", "Strategy", "compose_batch"]
__all__ += ["draw", "draw_evenly", "is_cold", "k_centre", "lure_weights", "prior_information"]
