"""Linear algebra on one thread: sums are then added in one order, whatever the machine."""

from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep BLAS and OpenMP to one thread; also a decorator."""
    with threadpool_limits(limits=1):
        yield
