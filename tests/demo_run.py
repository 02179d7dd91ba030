"""Runs the demo twice on a fresh folder, as `make demo` does, and looks at what it promises.

python -m tests.demo_run
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks._site import manage, running_site

PATIENCE = 300
PROMISES = ("Round 1 is done", "The demo is at", "researcher@demo.example", "password")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="attune-demo-") as name:
        folder = Path(name) / "var"
        for number in ("first", "second"):
            with running_site(folder, command="demo") as url:
                said = _await(folder / "up.log")
                labels = _labels(url, folder)
            print(f"{number} run: {said[-1].strip()}; {labels} labels", flush=True)
            if labels < 100:
                print("The simulated annotators have hardly labelled.")
                return 1
    return 0


def _await(log: Path) -> list[str]:
    """Return what the demo printed, once all it promises is there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        said = log.read_text()
        if all(promise in said for promise in PROMISES):
            return [line for line in said.splitlines() if "is done" in line]
        time.sleep(1)
    raise SystemExit(f"The demo did not get there in {PATIENCE} s:\n{log.read_text()[-4000:]}")


def _labels(url: str, folder: Path) -> int:
    """Return how many labels the API tells a researcher of."""
    token = manage("create_token", "researcher@demo.example", folder=folder).strip()
    request = urllib.request.Request(  # noqa: S310 - our own site
        f"{url}/api/v1/campaigns/1/agreement/", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - our own site
        return int(json.load(response)["populations"]["crowd"]["n_labels"])


if __name__ == "__main__":
    sys.exit(main())
