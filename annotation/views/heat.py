"""Tables whose cells are shaded: the number says it, the shade only helps to find it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from annotation.agreement.answers import Floats
from annotation.agreement.coincidences import Coincidences

# Beneath each of these a ratio to chance is one shade lighter; the last shade is above them all.
RATIOS = (0.5, 0.8, 1.25, 2.0)
SHARES = (0.05, 0.2, 0.4, 0.6)
FEWEST_IN_A_ROW = 3.0


@dataclass(frozen=True)
class Cell:
    """A number in words, its shade from 0 to 4, and whether row and column name the same."""

    text: str
    shade: int
    same: bool


def of_ratios(found: Coincidences, texts: list[str]) -> list[dict[str, Any]]:
    """Return how often each two answers meet on a clip, as a multiple of chance."""
    return _rows(found.ratio, texts, RATIOS, lambda value: number_format(value, 2))


def of_shares(table: Floats, texts: list[str]) -> list[dict[str, Any]]:
    """Return the shares within each row, where the row holds enough."""
    sums = table.sum(axis=1, keepdims=True)
    shares = np.where(sums >= FEWEST_IN_A_ROW, table / np.maximum(sums, 1e-9), np.nan)
    return _rows(shares, texts, SHARES, lambda value: f"{value:.0%}")


def legend(bounds: tuple[float, ...], *, percent: bool = False) -> list[str]:
    """Return what each shade stands for, the lightest first."""
    said = [f"{b:.0%}" if percent else number_format(b) for b in bounds]
    between = [f"{low} – {high}" for low, high in pairwise(said)]
    return [f"< {said[0]}", *between, f"≥ {said[-1]}"]


def most_confused(found: Coincidences, texts: list[str]) -> str:
    """Say which two different answers meet most often, beyond chance."""
    ratio = np.where(np.triu(np.ones_like(found.ratio), 1) > 0, np.nan_to_num(found.ratio), 0.0)
    one, other = np.unravel_index(int(ratio.argmax()), ratio.shape)
    if ratio[one, other] < RATIOS[2]:
        return _("No two answers meet on the same clips much more often than by chance.")
    return _(
        "“%(one)s” and “%(other)s” meet on the same clips %(times)s times as often as by chance."
    ) % {
        "one": texts[int(one)],
        "other": texts[int(other)],
        "times": number_format(float(ratio[one, other]), 1),
    }


def _rows(
    table: Floats, texts: list[str], bounds: tuple[float, ...], said: Callable[[float], str]
) -> list[dict[str, Any]]:
    shades = np.searchsorted(bounds, np.nan_to_num(table), side="right")
    return [
        {
            "text": text,
            "cells": [
                Cell("–" if np.isnan(value) else said(float(value)), int(shades[i, j]), i == j)
                for j, value in enumerate(table[i])
            ],
        }
        for i, text in enumerate(texts)
    ]
