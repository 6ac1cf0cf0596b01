"""The segments of LEDES XML 2.1 as this site takes them: elements in order, the needed ones, what may stand inside."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Segment:
    """One kind of segment.

    Attributes:
        elements: in the order they must come, each at most once.
        needed: those that must be there and not empty.
        inner: segments that may stand inside, as often as they like; whether they are read or not.
        is_numbered: whether it must end with a file_item_nbr.
        longest: most characters of an element.
    """

    elements: tuple[str, ...]
    needed: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()
    is_numbered: bool = True
    longest: Mapping[str, int] = field(default_factory=dict)


ROOT = "ledesxmlebilling2.1"
NUMBER = "file_item_nbr"
IGNORED = frozenset({"extend_header", "extend_data", "regulatory_statement", "tax", "tax_summary"})
"""Segments that the format knows and this site passes over."""

_ADDRESS = Segment(
    ("address_1", "address_2", "address_3", "city", "state_province", "zip_postal_code", "country", "phone", "fax"),
    needed=("address_1", "city", "country"),
    is_numbered=False,
    longest={"country": 3},
)
_CONTACT = Segment(
    ("contact_lname", "contact_fname", "contact_id", "contact_phone", "contact_fax", "contact_email", "cl_email"),
    needed=("contact_lname", "contact_fname"),
    is_numbered=False,
)
_CODES = {"task_code": 10, "task_activity": 10, "expense_code": 10}

SEGMENTS: Mapping[str, Segment] = {
    "firm": Segment(
        (
            "lf_vendor_id", "lf_office_id", "lf_id", "lf_name", "lf_address", "lf_billing_contact", "source_app",
            "app_version", "firm_URL",
        ),
        needed=("lf_id", "lf_name"),
        inner=("client",),
        longest={
            "lf_vendor_id": 25, "lf_office_id": 25, "lf_id": 20, "lf_name": 120, "source_app": 25, "app_version": 10,
            "firm_URL": 255,
        },
    ),
    "client": Segment(
        ("cl_id", "cl_lf_id", "cl_name", "cl_address", "client_contact", "cl_tax_id"),
        needed=("cl_lf_id", "cl_name"),
        inner=("invoice",),
    ),
    "invoice": Segment(
        (
            "inv_id", "inv_date", "inv_due_date", "inv_currency", "inv_other_iso", "inv_start_date", "inv_end_date",
            "inv_desc", "rejected_inv_replacement", "inv_payment_terms", "inv_total_tax", "inv_total_net_due",
        ),
        needed=("inv_id", "inv_date", "inv_currency", "inv_start_date", "inv_end_date", "inv_total_net_due"),
        inner=("matter",),
        longest={"inv_currency": 3},
    ),
    "matter": Segment(
        (
            "cl_matter_id", "lf_matter_id", "matter_name", "matter_desc", "po_number", "account_type",
            "lf_managing_contact", "matter_final_bill", "matter_total_detail_fees", "matter_total_detail_exp",
            "matter_disc_credit_fees", "matter_disc_credit_exp", "matter_disc_cred_total", "matter_perc_shar_fees",
            "matter_disc_bill_pct_fees", "matter_disc_bill_pct_exp", "matter_perc_shar_exp", "matter_tax_on_fees",
            "matter_tax_on_exp", "matter_net_fees", "matter_net_exp", "matter_total_due",
        ),
        needed=(
            "cl_matter_id", "lf_matter_id", "matter_name", "account_type", "matter_total_detail_fees",
            "matter_total_detail_exp", "matter_net_fees", "matter_net_exp", "matter_total_due",
        ),
        inner=("matter_disc_cred", "tk_sum", "fee", "expense"),
        longest={"account_type": 1, "matter_name": 255},
    ),
    "matter_disc_cred": Segment(
        (
            "disc_cred", "disc_cred_category", "increase_decrease", "pre_post_split", "discount_percent",
            "disc_cred_amount",
        ),
        needed=("disc_cred_category", "increase_decrease", "disc_cred_amount"),
    ),
    "tk_sum": Segment(
        ("tk_id", "tk_lname", "tk_fname", "tk_level", "tk_rate"),
        needed=("tk_id", "tk_lname", "tk_fname", "tk_level", "tk_rate"),
        longest={"tk_id": 20},
    ),
    "fee": Segment(
        (
            "charge_date", "tk_id", "tk_level", "charge_desc", "task_code", "task_activity", "charge_type", "units",
            "rate", "base_amount", "item_disc_cred_amount", "total_amount",
        ),
        needed=("charge_date", "charge_desc", "charge_type", "units", "rate", "base_amount", "total_amount"),
        longest=_CODES,
    ),
    "expense": Segment(
        (
            "charge_date", "tk_id", "tk_level", "charge_desc", "task_code", "expense_code", "charge_type", "units",
            "rate", "base_amount", "total_amount", "item_disc_cred_amount",
        ),
        needed=("charge_date", "charge_desc", "charge_type", "units", "rate", "base_amount", "total_amount"),
        longest=_CODES,
    ),
    "lf_address": _ADDRESS,
    "cl_address": _ADDRESS,
    "lf_billing_contact": _CONTACT,
    "client_contact": _CONTACT,
    "lf_managing_contact": _CONTACT,
}  # fmt: skip
