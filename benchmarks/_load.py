"""A closed-loop load on one HTTP address: so many clients, each waiting for its answer."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psutil

Body = dict[str, Any]
# What a client sends next, given the answer to what it sent before; None ends it.
Step = Callable[[Body | None], Body | None]


@dataclass
class Load:
    """What the clients saw: seconds a request, and errors."""

    latencies: list[float] = field(default_factory=list)
    errors: int = 0
    seconds: float = 0.0
    server_cpu: float = 0.0


def run(url: str, path: str, steps: list[tuple[str, Step]], seconds: float) -> Load:
    """Let each (token, step) post to `path` until `seconds` are over, all at the same time."""
    load = Load()
    server = _processes_on(urlsplit(url).port or 80)
    before, started = _cpu(server), time.perf_counter()
    end = started + seconds
    with ThreadPoolExecutor(max_workers=len(steps)) as pool:
        list(pool.map(lambda pair: _client(url, path, pair[0], pair[1], end, load), steps))
    load.seconds = time.perf_counter() - started
    load.server_cpu = _cpu(server) - before
    return load


def _client(url: str, path: str, token: str, step: Step, end: float, load: Load) -> None:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    reply: Body | None = None
    while time.perf_counter() < end:
        body = step(reply)
        if body is None:
            return
        started = time.perf_counter()
        reply = _post(connection, path, body, headers)
        if reply is None:
            load.errors += 1
        else:
            load.latencies.append(time.perf_counter() - started)


def _post(
    connection: http.client.HTTPConnection, path: str, body: Body, headers: dict[str, str]
) -> Body | None:
    try:
        connection.request("POST", path, json.dumps(body), headers)
        response = connection.getresponse()
        content = response.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return None
    if response.status >= 300:
        return None
    reply: Body = json.loads(content)
    return reply


def _processes_on(port: int) -> list[psutil.Process]:
    """Return the processes that listen on `port` of this machine; none for a distant server."""
    listening = [
        connection.pid
        for connection in psutil.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
        and connection.laddr
        and connection.laddr.port == port
        and connection.pid
    ]
    found = {psutil.Process(pid) for pid in listening}
    return list(found | {child for process in found for child in process.children(recursive=True)})


def _cpu(processes: list[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        times = process.cpu_times()
        total += times.user + times.system
    return total
