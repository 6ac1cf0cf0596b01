"""Proofs are about one invoice: which rows of a site's lists they leave uncovered."""

from carriers.evidence import Recorder, list_tables
from carriers.page import OtherRows
from carriers.seeds import seed_profiles
from tests.carriers.fake_site import CREDENTIALS, Captures, FakeSite

SITE = seed_profiles()["harbor-mutual"].site
LISTS = ((("table#invoiceTable tr.invoice-row",), "td.col-number"),)


def test_list_tables_are_those_that_hold_invoice_numbers():
    assert tuple(list_tables(SITE)) == LISTS


def test_every_carriers_list_is_known():
    unknown = [slug for slug, profile in seed_profiles().items() if not list(list_tables(profile.site))]
    assert unknown == []


def test_capture_covers_all_rows_until_it_is_about_an_invoice():
    page = FakeSite()
    recorder = Recorder(page, Captures(), SITE, CREDENTIALS.values())
    recorder.capture("failure", "Log in")
    assert page.covered == OtherRows(LISTS, "")
    recorder.about("INV-1")
    recorder.capture("before", "Upload")
    assert page.covered == OtherRows(LISTS, "INV-1")
