"""JSON Lines: a line a task, with every label ever given and the consensus; then the scores."""

import json
from itertools import chain
from typing import TextIO

from annotation.export.clips import records, score_records
from annotation.models import Campaign

NAME = "jsonl"
SUFFIX = ".jsonl"


def write(campaign: Campaign, file: TextIO, clips: list[int]) -> int:
    """Write the campaign's tasks and scores, add their clips to `clips`; return how many lines."""
    count = 0
    for record in chain(records(campaign, clips), score_records(campaign, clips)):
        file.write(json.dumps(record, ensure_ascii=False) + "\n")
        count += 1
    return count
