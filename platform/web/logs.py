"""What need not be written down."""

import logging


class NoProbes(logging.Filter):
    """Leaves out the health page: whoever asks for it is told, again and again, while it is red."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        return getattr(request, "path", "") != "/health/"
