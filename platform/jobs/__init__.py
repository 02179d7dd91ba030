"""Work that must not be lost: a row in the database, run by a worker, kept alive and retried."""
