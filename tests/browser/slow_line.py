"""A network that brings the first part of a film and then hangs, until it is told to go on."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Route

MEDIA = "**/media/**"


class SlowLine:
    """Cuts what a browser streams after a share of its bytes; asks for the rest get no answer."""

    def __init__(self, window: BrowserContext, share: float) -> None:
        self.share = share
        self.held: list[Route] = []
        self.flows = False
        window.route(MEDIA, self.bring)

    def bring(self, route: Route) -> None:
        asked = re.match(r"bytes=(\d+)-", route.request.headers.get("range", ""))
        if self.flows or not asked:
            return route.continue_()
        film = route.fetch(headers={**route.request.headers, "range": "bytes=0-"})
        whole, start = film.body(), int(asked[1])
        cut = int(len(whole) * self.share)
        if start >= cut and not self.flows:  # It may have begun to flow while this was fetched.
            return self.held.append(route)
        if start >= cut:
            return route.continue_()
        span = f"bytes {start}-{cut - 1}/{len(whole)}"
        headers = {"content-type": "video/mp4", "accept-ranges": "bytes", "content-range": span}
        return route.fulfill(status=206, headers=headers, body=whole[start:cut])

    def flow(self) -> None:
        """Bring what is still wanted, and everything from now on."""
        self.flows = True
        while self.held:
            self.held.pop().continue_()
