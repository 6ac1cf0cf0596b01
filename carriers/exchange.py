"""What goes to a site and what comes back: plain values without a browser or a database behind them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from core.errors import BillingError


class SecretLike(Protocol):
    """A secret that is not text until the moment it is typed."""

    def reveal(self) -> str:
        """Return the text."""
        ...


Credentials = Mapping[str, SecretLike]


class LoginJournal(Protocol):
    """Where each log-in is written down before it is typed."""

    def begin(self) -> None:
        """Note that a secret is about to be typed; raises when it must not be."""

    def accepted(self) -> None:
        """Note that the site let us in."""

    def refused(self, error: BillingError) -> None:
        """Note that the site does not know this log-in."""

    def unjudged(self) -> None:
        """Note that the site was not there to judge what was typed."""


@dataclass(frozen=True)
class AttachedPdf:
    """The invoice on paper, for a site that wants it beside the LEDES file."""

    file_name: str
    content: bytes


@dataclass(frozen=True)
class OutgoingFile:
    """One LEDES file on its way to a site.

    Attributes:
        client_code: the carrier's LEDES CLIENT_ID.
        matter: the firm's matter number; `claim_number` is the carrier's, as the site spells it.
        sha256: of `content`, 64 hex digits; a mismatch stops the upload.
        total: invoice total in dollars and cents; compared with the amount that the site lists.
        superseded_receipts: receipts of earlier revisions, which do not count as this file.
        pdf: goes along where the carrier wants it.
    """

    invoice_number: str
    client_code: str
    matter: str
    claim_number: str
    file_name: str
    content: bytes
    sha256: str
    total: Decimal
    superseded_receipts: frozenset[str] = frozenset()
    pdf: AttachedPdf | None = None


@dataclass(frozen=True)
class SiteReceipt:
    """The site's proof that it holds the file; its own checksum where it shows one."""

    receipt_number: str
    site_text: str
    submitted_file_sha256: str | None = None


@dataclass(frozen=True)
class SiteFinding:
    """One remark of the site: about a line, or about the whole invoice when there is no line number."""

    line_item_number: str | None
    code: str
    message: str
    reduction: Decimal | None = None


class DecisionKind(StrEnum):
    """What the carrier decided about an invoice it holds."""

    PENDING = "pending"
    APPROVED = "approved"
    REDUCED = "reduced"
    DISPUTED = "disputed"
    REJECTED = "rejected"


@dataclass(frozen=True)
class SiteDecision:
    """The carrier's decision as the site shows it now; the amount in dollars and cents."""

    kind: DecisionKind
    approved_amount: Decimal | None = None
    findings: tuple[SiteFinding, ...] = ()
