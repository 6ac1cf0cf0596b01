"""Pages of a carrier's site as they were answered once: written down without secrets, and played without a browser."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx

FOLDER = Path(__file__).parent / "recorded"
_HIDDEN = re.compile(r'(<input(?=[^>]*type="hidden")[^>]*\bvalue=")\w{12,}(")')
_STYLE = re.compile(r"<style\b.*?</style>|<link\b[^>]*>", re.DOTALL | re.IGNORECASE)


@dataclass
class Tape:
    """The exchanges of one visit: method, address below the host, status, where it leads to, and the page's key."""

    exchanges: list[dict[str, Any]] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)

    def write_down(self, request: httpx.Request, answer: httpx.Response, secrets: Mapping[str, str]) -> None:
        """Keep one exchange; session tokens and secrets stay behind."""
        body = _HIDDEN.sub(r"\1-\2", _STYLE.sub("", answer.text))
        for secret, word in secrets.items():
            body = body.replace(secret, word)
        key = sha256(body.encode()).hexdigest()[:10] if body.strip() else ""
        if key:
            self.pages[key] = body
        kept = {"to": f"{request.method} {_place(request)}", "status": answer.status_code}
        location = answer.headers.get("location")
        self.exchanges.append(kept | ({"location": location} if location else {}) | ({"page": key} if key else {}))


class Recording(httpx.BaseTransport):
    """A line to a site that writes down what is answered."""

    def __init__(self, inner: httpx.BaseTransport, secrets: Mapping[str, str]) -> None:
        self.tape = Tape()
        self._inner, self._secrets = inner, secrets

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._inner.handle_request(request)
        answer.read()
        self.tape.write_down(request, answer, self._secrets)
        return answer


class Replay(httpx.BaseTransport):
    """A line that answers from a tape, in its order; the page just given may be asked for again."""

    def __init__(self, tape: Tape) -> None:
        self._tape, self._at = tape, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        wanted = f"{request.method} {_place(request)}"
        at = next((at for at in self._next(wanted) if self._tape.exchanges[at]["to"] == wanted), None)
        assert at is not None, f"{wanted} was never recorded here; after {self._before()}. Record the carrier anew."
        self._at = at + 1
        said = self._tape.exchanges[at]
        headers = {"content-type": "text/html; charset=utf-8"}
        if "location" in said:
            headers["location"] = said["location"]
        text = self._tape.pages.get(said.get("page", ""), "")
        return httpx.Response(said["status"], headers=headers, text=text)

    def _next(self, wanted: str) -> Iterator[int]:
        yield from range(self._at, min(self._at + 1, len(self._tape.exchanges)))
        if self._at and wanted.startswith("GET "):
            yield self._at - 1

    def _before(self) -> str:
        return self._tape.exchanges[self._at - 1]["to"] if self._at else "nothing"


def save(slug: str, tapes: Mapping[str, Tape]) -> None:
    """Write a carrier's tapes, each page once; what came of the old ones is to be reviewed anew."""
    pages = {key: page for tape in tapes.values() for key, page in tape.pages.items()}
    document = {"visits": {name: tape.exchanges for name, tape in tapes.items()}, "pages": dict(sorted(pages.items()))}
    path = FOLDER / slug / "tapes.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_name("expected.json").unlink(missing_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load(slug: str, visit: str) -> Tape:
    """Return one tape of a carrier.

    Raises:
        AssertionError: it was never recorded.
    """
    path = FOLDER / slug / "tapes.json"
    assert path.exists(), f"{slug} was never recorded. Run: make record CARRIER={slug}"
    document = json.loads(path.read_text(encoding="utf-8"))
    assert visit in document["visits"], f"{slug} has no visit “{visit}”. Run: make record CARRIER={slug}"
    return Tape(document["visits"][visit], document["pages"])


def _place(request: httpx.Request) -> str:
    return request.url.raw_path.decode("ascii")
