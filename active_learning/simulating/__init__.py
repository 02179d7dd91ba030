"""Campaigns played through with the product's own parts, to see what labels buy; pure."""

from active_learning.simulating.arms import ARMS, BEST_RANDOM, OURS, TODAY, Arm, Ask
from active_learning.simulating.playing import Curve, Length, play
from active_learning.simulating.sketch import Sketch
from active_learning.simulating.world import Crowd, Votes, World

__all__ = ["ARMS", "BEST_RANDOM", "OURS", "TODAY", "Arm", "Ask", "Crowd", "Curve", "Length"]
__all__ += ["Sketch", "Votes", "World", "play"]
