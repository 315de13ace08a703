"""Secrets come from the environment when a request is sent, and never reach a log, a receipt or an error."""

from __future__ import annotations

import base64
import os
import re
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

from wareconomy.errors import SecretMissing

PLACE = re.compile(r"\{env:([A-Z][A-Z0-9_]*)\}")
MASK = "***"
TELLING = re.compile(
    r"(?i)(^|[-_.])(key|apikey|token|secret|sig|signature|password|passwd|auth|credential|session)s?$|^app_token$"
)
SHORTEST = 4


class Secrets:
    """The secrets this run has used, and how to take them out of a text."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def fill(self, text: str) -> str:
        """The text with `{env:NAME}` replaced. Raises SecretMissing, naming the variable and never a value."""

        def value(match: re.Match[str]) -> str:
            found = os.environ.get(match[1])
            if not found:
                raise SecretMissing(
                    f"the environment has no {match[1]}; this source needs it. Set it and run again"
                )
            self._remember(found)
            return found

        return PLACE.sub(value, text)

    def _remember(self, value: str) -> None:
        if len(value) >= SHORTEST:
            encoded = base64.b64encode(value.encode()).decode()
            self._seen |= {value, quote(value, safe=""), quote_plus(value), encoded, encoded.rstrip("=")}

    def clean(self, text: str) -> str:
        """The text without any secret used so far, longest first."""
        for value in sorted(self._seen, key=len, reverse=True):
            text = text.replace(value, MASK)
        return text

    def address(self, url: str) -> str:
        """An address that may be written down: no user, no password, no secret, no signed parameter."""
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        query = parts.query
        pairs = parse_qsl(query, keep_blank_values=True)
        if any(TELLING.search(name) for name, _ in pairs):
            kept = [(name, MASK if TELLING.search(name) else value) for name, value in pairs]
            query = urlencode(kept, safe="*/:,")
        return self.clean(urlunsplit((parts.scheme, host, parts.path, query, "")))
