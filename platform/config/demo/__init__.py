"""The demo: drawn clips, consents, a campaign, people to sign in as, annotators at work."""

from config.demo.annotating import annotate, wait_for_round
from config.demo.seeding import LOGINS, password, seed

__all__ = ["LOGINS", "annotate", "password", "seed", "wait_for_round"]
