"""Known values become placeholders, and a typed secret stands nowhere."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote_plus

from carriers.recordings.recording import Alternatives

_SHORTEST_INSIDE = 4


class Scrubber:
    """Replaces known values, and knows what was secret.

    Args:
        known: placeholder name by the value that stands for it, as in {'INV-1': 'invoice_number'}.
        secrets: texts that may not be kept.
    """

    def __init__(self, known: Mapping[str, str], secrets: Iterable[str]) -> None:
        self._known = {value: name for value, name in known.items() if value.strip()}
        self._secrets = frozenset(secret for secret in secrets if secret)
        inside = sorted((v for v in self._known if len(v) >= _SHORTEST_INSIDE), key=len, reverse=True)
        found = "|".join(re.escape(value) for value in inside)
        self._inside = re.compile(rf"(?<![A-Za-z0-9])(?:{found})(?![A-Za-z0-9])") if found else None

    def placeholder_of(self, value: str) -> str | None:
        """Return the placeholder for a whole value, '{invoice_number}'; None when it is not known."""
        name = self._known.get(value)
        return f"{{{name}}}" if name else None

    def replaced(self, text: str) -> str:
        """Replace the known values inside a text."""
        return self._inside.sub(lambda found: f"{{{self._known[found[0]]}}}", text) if self._inside else text

    def is_secret(self, text: str) -> bool:
        """Whether a text is, or holds, something secret."""
        plain = unquote_plus(text)
        return any(
            secret in {text, plain} or (len(secret) >= _SHORTEST_INSIDE and (secret in text or secret in plain))
            for secret in self._secrets
        )

    def selectors(self, selectors: Alternatives) -> Alternatives:
        """Return the selectors without those that hold a secret, with placeholders inside."""
        return tuple(self.replaced(one) for one in selectors if not self.is_secret(one))
