"""Builders: one call makes one record with everything it hangs on; name only what the test is about.

Each takes `(session, *, ...)`, adds the row, flushes it, so that `id` is set, and returns it. Nothing is committed.
"""

from tests.builders.appeals import make_appeal, make_cut_acceptance, make_cut_invoice, say
from tests.builders.base import NOW, PERIOD_END, PERIOD_START, RATE, id_of
from tests.builders.carriers import make_carrier, make_profile_version, make_site_account, profile_document
from tests.builders.invoices import make_invoice, make_revision, make_submission
from tests.builders.ledes_files import faulty_file, make_ledes_file, sound_file
from tests.builders.mailings import EMAIL, POSTAL_ADDRESS, make_mail_invoice, make_mail_payor, make_mailing
from tests.builders.matters import (
    make_billable_matter,
    make_budget,
    make_expense,
    make_matter,
    make_payor,
    make_rate,
    make_receipt,
    make_time_entry,
)
from tests.builders.notifications import make_delivery, make_notice, make_phone, make_setting, wish
from tests.builders.people import actor, actor_for, make_biller, make_timekeeper, make_user
from tests.builders.proformas import make_billing_run, make_finding, make_proforma, make_proforma_line, make_split
from tests.builders.results import RESULT_DOMAIN, RESULT_SENDER, make_result_mail, new_mail, result_mail
from tests.builders.reviewing import (
    make_absence,
    make_approval,
    make_approval_rule,
    make_delegation,
    make_forward,
    make_team,
)

__all__ = [
    "EMAIL",
    "NOW",
    "PERIOD_END",
    "PERIOD_START",
    "POSTAL_ADDRESS",
    "RATE",
    "RESULT_DOMAIN",
    "RESULT_SENDER",
    "actor",
    "actor_for",
    "faulty_file",
    "id_of",
    "make_absence",
    "make_appeal",
    "make_approval",
    "make_approval_rule",
    "make_billable_matter",
    "make_biller",
    "make_billing_run",
    "make_budget",
    "make_carrier",
    "make_cut_acceptance",
    "make_cut_invoice",
    "make_delegation",
    "make_delivery",
    "make_expense",
    "make_finding",
    "make_forward",
    "make_invoice",
    "make_ledes_file",
    "make_mail_invoice",
    "make_mail_payor",
    "make_mailing",
    "make_matter",
    "make_notice",
    "make_payor",
    "make_phone",
    "make_profile_version",
    "make_proforma",
    "make_proforma_line",
    "make_rate",
    "make_receipt",
    "make_result_mail",
    "make_revision",
    "make_setting",
    "make_site_account",
    "make_split",
    "make_submission",
    "make_team",
    "make_time_entry",
    "make_timekeeper",
    "make_user",
    "new_mail",
    "profile_document",
    "result_mail",
    "say",
    "sound_file",
    "wish",
]
