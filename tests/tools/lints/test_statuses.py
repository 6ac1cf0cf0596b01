"""Status changes are refused in every way they can be written, outside the lifecycle."""

import pytest

REFUSED = [
    "invoice.document_status = DocumentStatus.VOIDED",
    "proforma.status = 'approved'",
    "invoice.decision_status, other = value, 1",
    "entry.status += 'x'",
    "del entry.status",
    "setattr(entry, 'status', value)",
    "update(Proforma).where(Proforma.id == 1).values(status='approved')",
    "update(Invoice).values({'document_status': 'open'})",
    "update(Invoice).values({Invoice.document_status: 'open'})",
    "update(Invoice).values(**{'cash_status': 'paid'})",
    "session.execute(update(Invoice), [{'id': 1, 'document_status': 'open'}])",
    "query.update({'status': 'held'})",
    "insert(Submission).values(rows).on_duplicate_key_update(status='ready')",
    "insert(Submission).values(rows).on_conflict_do_update(set_={'status': 'ready'})",
    "text('UPDATE submission SET fence = 2, status = :new WHERE id = 1')",
    "for invoice.cash_status in found: pass",
]
ALLOWED = [
    "Proforma(status=ProformaStatus.DRAFT, document_status='open')",
    "insert(Submission).values(status='ready')",
    "session.execute(insert(Submission).values(invoice_id=1, status='ready'))",
    "update(Submission).values(fence=2)",
    "select(Invoice).where(Invoice.document_status == 'open')",
    "is_open = invoice.document_status == 'open'",
    "status = invoice.document_status",
    "response.status_code = 403",
    "self.status = 'billing'",
    "text('SELECT status FROM submission')",
    "facts.update(kind='open')",
]


@pytest.mark.parametrize("code", REFUSED)
@pytest.mark.parametrize("path", ["services/invoices.py", "jobs/uploads.py", "state/review.py"])
def test_refuse_status_write(lint, code, path):
    assert lint(code, path) == [("status-write", 1)]


@pytest.mark.parametrize("code", ALLOWED)
def test_allow_new_rows_and_reads(lint, code):
    assert lint(code, "services/invoices.py") == []


@pytest.mark.parametrize("code", REFUSED)
@pytest.mark.parametrize("path", ["services/lifecycle.py", "sandbox/portals/stores.py"])
def test_allow_in_lifecycle_and_practice_sites(lint, code, path):
    assert lint(code, path) == []


def test_refuse_table_that_changes_itself(lint):
    assert lint("self.status = 'approved'", "models/proforma.py") == [("status-write", 1)]
