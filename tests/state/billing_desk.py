"""A biller's desk for the tests of the billing pages: released work of October, a biller, an attorney."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from core.clock import now
from core.crypto import Secret
from core.db import Database
from core.key_ring import KeyRing
from core.settings import get_settings
from models import Invoice, Matter, Proforma, Submission
from models.enums import ProformaStatus, Role, SubmissionStatus
from services import lifecycle
from services.actor import Actor
from services.billing.billing_runs import run_billing, send_run_to_review
from services.invoicing.invoices import finalize_proformas
from services.sites.account_secrets import store_secret
from tests.acting import acting_as
from tests.builders import (
    PERIOD_END,
    PERIOD_START,
    actor,
    id_of,
    make_billable_matter,
    make_carrier,
    make_submission,
    make_user,
)


@dataclass(frozen=True)
class BillingDesk:
    """Ids of the people, and of one carrier with three matters that have work to bill."""

    database: Database
    biller_id: int
    attorney_id: int
    admin_id: int
    carrier_id: int
    site_account_id: int
    matter_ids: tuple[int, ...]

    def biller(self) -> AbstractContextManager[Actor]:
        """Be the biller for a block."""
        return acting_as(Role.BILLER, user_id=self.biller_id)

    def attorney(self) -> AbstractContextManager[Actor]:
        """Be the attorney for a block."""
        return acting_as(Role.ATTORNEY, user_id=self.attorney_id)

    def admin(self) -> AbstractContextManager[Actor]:
        """Be the administrator for a block."""
        return acting_as(Role.ADMIN, user_id=self.admin_id)

    def all_of(self, model: type[Any]) -> list[Any]:
        """Return every stored row of a table, by id."""
        with self.database.read_only() as session:
            return list(session.exec(select(model).order_by(model.id)))

    def submission(self, submission_id: int) -> Submission:
        """Return a submission as it is stored now."""
        with self.database.read_only() as session:
            return session.get_one(Submission, submission_id)

    def approve(self) -> list[int]:
        """Bill everything and approve it; return the proformas' ids."""
        with self.database.unit_of_work() as session:
            self._bill(session)
            return [id_of(row) for row in session.exec(select(Proforma))]

    def invoice(self) -> list[int]:
        """Bill, approve and finalise everything; return the invoices' ids."""
        with self.database.unit_of_work() as session:
            self._bill(session)
            ids = [id_of(row) for row in session.exec(select(Proforma))]
            return [id_of(row) for row in finalize_proformas(session, self._biller(), proforma_ids=ids)]

    def send(self, invoice_id: int, status: SubmissionStatus, **columns: Any) -> int:
        """Put an invoice's file into the ledger in any state; return the submission's id."""
        with self.database.unit_of_work() as session:
            invoice = session.get_one(Invoice, invoice_id)
            return id_of(make_submission(session, invoice, status=status, **columns))

    def _biller(self) -> Actor:
        return actor(Role.BILLER, user_id=self.biller_id)

    def _bill(self, session: Session) -> None:
        run = run_billing(session, self._biller(), period_start=PERIOD_START, period_end=PERIOD_END)
        send_run_to_review(session, self._biller(), run_id=id_of(run))
        for proforma in session.exec(select(Proforma).where(Proforma.status == ProformaStatus.IN_REVIEW)):
            lifecycle.apply(session, actor(Role.ATTORNEY, user_id=self.attorney_id), proforma, "approve")


def make_billing_desk(database: Database) -> BillingDesk:
    """Make the desk in one transaction; the carrier's account has a log-in."""
    with database.unit_of_work() as session:
        attorney = make_user(session, Role.ATTORNEY, name="Ana Reyes")
        biller_id = id_of(make_user(session, Role.BILLER, name="Dana Brooks"))
        admin_id = id_of(make_user(session, Role.ADMIN, name="Omar Whitfield"))
        carrier = make_carrier(session, name="Harbor Mutual")
        matters: list[Matter] = [make_billable_matter(session, carrier=carrier, attorney=attorney) for _ in range(3)]
        ring = KeyRing.load_or_create(get_settings().key_ring_path)
        admin = actor(Role.ADMIN, user_id=admin_id)
        store_secret(
            session,
            admin,
            site_account_id=carrier.site_account_id,
            field="password",
            value=Secret(f"made-{now():%f}"),
            ring=ring,
        )
        return BillingDesk(
            database,
            biller_id,
            id_of(attorney),
            admin_id,
            id_of(carrier),
            carrier.site_account_id,
            tuple(id_of(matter) for matter in matters),
        )
