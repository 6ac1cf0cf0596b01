"""Whether a mail is from whom it says: only our own mail server's word on the signature counts (RFC 8601).

Anything that is not understood counts as no word at all.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses

_COMMENT = re.compile(r"\([^()]*\)")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_METHOD = re.compile(r"^(?P<method>[a-z0-9-]+)(?:\s*/\s*\d+)?\s*=\s*(?P<result>[a-z]+)(?=\s|$)")
_DOMAIN = re.compile(r"(?:^|\s)header\.d\s*=\s*(?P<domain>[a-z0-9.-]+)(?=\s|$)")
_ONE = 1


@dataclass(frozen=True)
class Trust:
    """The verdict on one mail; `why_not` is '' when it is trusted, `sender` the address of its From in lower case."""

    sender: str
    why_not: str = ""

    @property
    def is_trusted(self) -> bool:
        """Whether the mail counts."""
        return not self.why_not


@dataclass(frozen=True)
class _Signature:
    result: str
    domain: str


def sender_of(message: EmailMessage) -> str:
    """Return the one address of the From in lower case; '' when there are several or none."""
    heads = [str(value) for value in message.get_all("From", [])]
    addresses = [address for _, address in getaddresses(heads) if address]
    return addresses[0].lower() if len(heads) == len(addresses) == _ONE else ""


def judge(message: EmailMessage, *, dkim_domain: str, authserv_id: str) -> Trust:
    """Judge a mail that must be signed by `dkim_domain`, by the word of our own server, `authserv_id`."""
    sender = sender_of(message)
    if not sender:
        return Trust("", "It has not exactly one sender in its From.")
    found = _signatures(message, authserv_id)
    if found is None:
        return Trust(sender, f"Our own mail server ({authserv_id}) says nothing about its signature.")
    if any(one.result == "pass" and one.domain == dkim_domain.lower() for one in found):
        return Trust(sender)
    passed = sorted({one.domain for one in found if one.result == "pass" and one.domain})
    if passed:
        return Trust(sender, f"It is signed by {', '.join(passed)}, not by {dkim_domain}.")
    results = ", ".join(sorted({one.result for one in found})) or "not understood"
    return Trust(sender, f"Our own mail server did not find the signature of {dkim_domain} good (dkim: {results}).")


def _signatures(message: EmailMessage, authserv_id: str) -> list[_Signature] | None:
    """Return what our server found of signatures; None when it did not look.

    Only the topmost header of our name that speaks of signatures counts: a server writes above what came in, so one
    that a sender brought along stands below it.
    """
    for value in message.get_all("Authentication-Results", []):
        named, _, rest = _plain(str(value)).partition(";")
        if named.split()[:1] != [authserv_id.lower()]:
            continue
        if "(" in rest or ")" in rest:  # a comment without its end: nothing in it is to be believed
            return []
        if found := list(_dkim(rest)):
            return found
    return None


def _dkim(rest: str) -> Iterator[_Signature]:
    for part in rest.split(";"):
        method = _METHOD.match(part.strip())
        if method and method["method"] == "dkim":
            domain = _DOMAIN.search(part)
            yield _Signature(method["result"], domain["domain"] if domain else "")


def _plain(value: str) -> str:
    """Return the header on one line, in lower case, without quoted texts and comments, innermost ones first."""
    text, before = _QUOTED.sub('""', " ".join(value.split())), ""
    while before != text:
        before, text = text, _COMMENT.sub(" ", text)
    return text.lower()
