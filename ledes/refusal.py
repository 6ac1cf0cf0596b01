"""What every writer raises when a document cannot be written without being wrong."""

from core.errors import InvalidInputError
from ledes.findings import Finding


class LedesRefusedError(InvalidInputError):
    """The document cannot be written as LEDES without being wrong.

    Attributes:
        findings: every fault, by row of the file that was not written.
    """

    code = "ledes_refused"

    def __init__(self, user_message: str, findings: tuple[Finding, ...] = (), **facts: object) -> None:
        super().__init__(user_message, **facts)
        self.findings = findings
