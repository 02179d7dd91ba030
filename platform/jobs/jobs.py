"""The jobs of this app: none; its periodic functions are imported where handlers are."""

from jobs import sweeping

__all__ = ["sweeping"]
