"""The least that Django can do: authenticate, claim a free row, insert an answer, say so.

`python -m benchmarks.bare PORT FOLDER` serves it, with the database settings of the site; the
serving benchmark measures it in the same run, as the floor under the site's own figures.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from typing import Any

TOKENS, TASKS, TARGET = 64, 5000, 1_000_000


def configure(folder: str) -> None:
    """Set up a Django of one file on a database of its own in `folder`."""
    os.environ["ATTUNE_VAR"] = folder
    from django.conf import settings  # noqa: PLC0415

    from config.settings import SQLITE_OPTIONS  # noqa: PLC0415

    database = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"{folder}/bare.sqlite3",
        "OPTIONS": SQLITE_OPTIONS,
        "CONN_MAX_AGE": None,
    }
    settings.configure(
        DATABASES={"default": database},
        ROOT_URLCONF="benchmarks.bare_urls",
        ALLOWED_HOSTS=["127.0.0.1"],
        SECRET_KEY=hashlib.sha256(folder.encode()).hexdigest(),
    )
    import django  # noqa: PLC0415

    django.setup()


def make_tables() -> None:
    """Make the three tables and fill them."""
    from django.db import connection, transaction  # noqa: PLC0415

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE token (hash TEXT PRIMARY KEY, who INTEGER)")
        cursor.execute("CREATE TABLE task (id INTEGER PRIMARY KEY, live INTEGER, target INTEGER)")
        cursor.execute("CREATE TABLE answer (id INTEGER PRIMARY KEY, task INTEGER, said TEXT)")
        hashes = [(hashlib.sha256(f"t{n}".encode()).hexdigest(), n) for n in range(TOKENS)]
        cursor.executemany("INSERT INTO token VALUES (%s, %s)", hashes)
        tasks = [(n, 0, TARGET) for n in range(TASKS)]
        cursor.executemany("INSERT INTO task VALUES (%s, %s, %s)", tasks)


def claim_and_insert(request: Any) -> Any:
    """Answer one post: who are you, take that row, keep this answer."""
    from django.db import connection, transaction  # noqa: PLC0415
    from django.http import HttpResponse, JsonResponse  # noqa: PLC0415

    secret = request.headers.get("Authorization", "").removeprefix("Bearer ")
    digest = hashlib.sha256(secret.encode()).hexdigest()
    said = json.loads(request.body)["value"]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT who FROM token WHERE hash = %s", [digest])
        if cursor.fetchone() is None:
            return HttpResponse(status=401)
        cursor.execute("SELECT id FROM task WHERE live < target ORDER BY id LIMIT 1")
        (task,) = cursor.fetchone()
        cursor.execute("UPDATE task SET live = live + 1 WHERE id = %s", [task])
        cursor.execute("INSERT INTO answer (task, said) VALUES (%s, %s)", [task, said])
    return JsonResponse({"task": task})


def main() -> None:
    port, folder = sys.argv[1:3]
    configure(folder)
    make_tables()
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            options = {"bind": f"127.0.0.1:{port}", "workers": 2, "threads": 4, "keepalive": 5}
            for name, value in {**options, "worker_class": "gthread", "loglevel": "error"}.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return get_wsgi_application()

    Server().run()


if __name__ == "__main__":
    main()
