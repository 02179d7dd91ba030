"""Reads the JSON of a request: bounded, and nothing in it that a database cannot keep."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer

from web.problems import Problem

# Written out in JSON: NUL, and halves of a character. PostgreSQL keeps neither.
_SUSPECT = re.compile(rb"\\u(0000|d[89a-f])", re.IGNORECASE)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class BoundedJSONParser(BaseParser):
    """Refuses what is too long or too deep, NaN and Infinity, and text that cannot be stored."""

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(most + 1)
        if len(body) > most:
            raise Problem(413, _("At most %(most)d bytes can be sent at once.") % {"most": most})
        try:
            document = json.loads(body, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError(_("This is not JSON: %(error)s") % {"error": error}) from error
        if _SUSPECT.search(body) and _is_unstorable(document):
            raise ValidationError(_("Text must not hold NUL or half a character."))
        return document


def _refuse_constant(name: str) -> Any:
    raise ValueError(_("%(name)s is not a number in JSON.") % {"name": name})


def _is_unstorable(document: Any) -> bool:
    if isinstance(document, str):
        return bool(_UNSTORABLE.search(document))
    if isinstance(document, dict):
        return any(_is_unstorable(part) for pair in document.items() for part in pair)
    return isinstance(document, list) and any(map(_is_unstorable, document))
