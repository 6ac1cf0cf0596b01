"""One ledger row in a worker's hand: looked for, sent, proven, or put where it belongs."""

from carriers.exchange import AttachedPdf
from core.errors import BillingError, FencedError
from models.enums import DocumentStatus
from services.outcomes import outcome_of
from services.uploads import ledger
from services.uploads.conclusion import Verdict, conclude, delivered
from services.uploads.outgoing import Outgoing, load_outgoing
from services.uploads.verification import look_after_click, verify
from services.uploads.workbench import Workbench

_MAX_ABANDONED = 5


class WorkersDiedError(BillingError):
    """Several workers in a row died over one file."""

    code = "workers_died"


class InvoiceClosedError(BillingError):
    """The invoice was voided or superseded while its file waited."""

    code = "invoice_closed"
    status_code = 409


def handle(bench: Workbench, claim: ledger.Claim) -> Verdict:
    """Bring one claimed file to its end: delivered, refused, put back, in doubt, or waiting for a person.

    Raises:
        FencedError: the lease is lost; nothing more was written.
    """
    bench.evidence.aim(claim.submission_id, claim.fence)
    try:
        with bench.database.read_only() as session:
            outgoing = load_outgoing(session, claim.submission_id, bench.profiles)
    except BillingError as wrong:
        return conclude(bench, claim, wrong, committed=claim.is_verification)
    if claim.is_verification:
        return verify(bench, claim, outgoing)
    return _send(bench, claim, outgoing)


class _CommitGuard:
    """Called right before each click that cannot be taken back: declares the intent, then checks the deadline.

    The PDF that goes along is kept with the proof before the first such click; the file itself is kept for ever.
    """

    def __init__(self, bench: Workbench, claim: ledger.Claim, pdf: AttachedPdf | None) -> None:
        self._bench = bench
        self._claim = claim
        self._pdf = pdf
        self._pdf_sha256 = ""
        self.declared = False

    def __call__(self, step: str) -> None:
        self._bench.keeper.check()
        if self._pdf is not None and not self._pdf_sha256:
            self._pdf_sha256 = self._bench.evidence.keep_pdf(self._pdf.file_name, self._pdf.content)
        claim, worker_id = self._claim, self._bench.lease.worker_id
        pdf_sha256 = self._pdf_sha256
        self._bench.write(
            lambda session: ledger.declare_intent(session, claim, worker_id=worker_id, step=step, pdf_sha256=pdf_sha256)
        )
        self.declared = True
        self._bench.keeper.check()


def _send(bench: Workbench, claim: ledger.Claim, outgoing: Outgoing) -> Verdict:
    if problem := _why_not(claim, outgoing):
        return conclude(bench, claim, problem, committed=False)
    visit, profile, file = bench.visit, outgoing.profile, outgoing.file
    guard = _CommitGuard(bench, claim, file.pdf)
    try:
        receipt = visit.find_invoice(profile, file) or visit.upload(profile, file, before_commit=guard)
    except FencedError:
        raise
    except BillingError as said:
        if guard.declared and outcome_of(said).verb_after_commit == "doubt":
            return look_after_click(bench, claim, outgoing, said)
        return conclude(bench, claim, said, committed=guard.declared)
    return delivered(bench, claim, outgoing, receipt)


def _why_not(claim: ledger.Claim, outgoing: Outgoing) -> BillingError | None:
    if claim.was_abandoned and claim.attempt > _MAX_ABANDONED:
        return WorkersDiedError(
            "Several workers stopped while they sent this file. It was kept unsent; look at the evidence, then retry."
        )
    if outgoing.document_status is not DocumentStatus.OPEN:
        return InvoiceClosedError("The invoice was closed while its file waited. Nothing was sent.")
    return None
