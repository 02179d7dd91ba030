"""JSON Lines: a line a clip, with every label ever given and the consensus."""

import json
from typing import TextIO

from annotation.export.clips import records
from annotation.models import Campaign

NAME = "jsonl"
SUFFIX = ".jsonl"


def write(campaign: Campaign, file: TextIO, clips: list[int]) -> int:
    """Write the campaign's tasks, add their clips to `clips`, and return how many."""
    count = 0
    for record in records(campaign, clips):
        file.write(json.dumps(record, ensure_ascii=False) + "\n")
        count += 1
    return count
