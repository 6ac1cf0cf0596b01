"""Seeded profiles hold together; a profile that does not says where."""

from datetime import date

import pytest

from carriers.placeholders import fill_in, fill_in_path
from carriers.profile import InvalidProfileError, load_profile
from carriers.seeds import seed_profiles
from carriers.steps import FillStep, GotoStep
from sandbox.firm.sites import carrier_facts

SLUGS = tuple(sorted(carrier["slug"] for carrier in carrier_facts()))
DAY = date(2026, 3, 1)
VALUES = {"invoice_number": "INV/1", "username": "robot"}


def document(slug="harbor-mutual"):
    return seed_profiles()[slug].model_dump(mode="json")


def problems_of(broken):
    with pytest.raises(InvalidProfileError) as invalid:
        load_profile(broken)
    return "\n".join(f"{where}: {what}" for where, what in invalid.value.problems)


def test_seeds_are_the_practice_carriers():
    assert tuple(sorted(seed_profiles())) == SLUGS


@pytest.mark.parametrize("slug", SLUGS)
def test_load_reads_back_what_a_seed_dumps(slug):
    assert load_profile(document(slug)) == seed_profiles()[slug]


@pytest.mark.parametrize("slug", SLUGS)
def test_seed_looks_for_the_number_by_address_or_by_hand(slug):
    steps = seed_profiles()[slug].site.steps.find_invoice
    addresses = [fill_in_path(step.value, VALUES) for step in steps if isinstance(step, GotoStep)]
    typed = [fill_in(step.value, VALUES) for step in steps if isinstance(step, FillStep)]
    assert any("INV%2F1" in address for address in addresses) or "INV/1" in typed


@pytest.mark.parametrize("slug", SLUGS)
def test_seed_rules_are_given(slug):
    assert {rule.kind for rule in seed_profiles()[slug].guidelines} >= {"missing_code", "rate_cap", "max_age_days"}


def test_load_names_an_unknown_verb_and_its_place():
    broken = document()
    broken["site"]["steps"]["login"][2]["verb"] = "run_script"
    assert "site.steps.login.2" in problems_of(broken)


def test_load_names_an_unknown_placeholder_and_its_place():
    broken = document()
    broken["site"]["steps"]["find_invoice"][0]["value"] = "/Invoices?number={invoice}"
    problems = problems_of(broken)
    assert "steps.find_invoice[0] 'Open the invoice history': {invoice} is not known here" in problems


def test_load_refuses_a_password_in_an_address():
    broken = document()
    broken["site"]["steps"]["login"][0]["value"] = "/Login?p={password}"
    assert "{password} is not known here" in problems_of(broken)


def test_load_refuses_a_password_outside_the_log_in():
    broken = document()
    fill = {"verb": "fill", "label": "Type", "selectors": ["#x"], "value": "{password}"}
    broken["site"]["steps"]["upload"].insert(1, fill)
    assert "steps.upload[1] 'Type': {password} is not known here" in problems_of(broken)


def test_load_refuses_an_unknown_key():
    assert "script" in problems_of(document() | {"script": "alert(1)"})


def test_load_refuses_a_commit_outside_sending():
    broken = document()
    broken["site"]["steps"]["login"][4]["commit"] = True
    assert "may stand in upload and submit only" in problems_of(broken)


def test_load_refuses_a_commit_on_a_page_that_was_not_expected():
    broken = document()
    upload = broken["site"]["steps"]["upload"]
    broken["site"]["steps"]["upload"] = [step for step in upload if step["verb"] != "expect"]
    assert "must be expected before" in problems_of(broken)


def test_load_refuses_an_unknown_page():
    broken = document()
    broken["site"]["steps"]["upload"][1]["page"] = "elsewhere"
    assert "there is no page 'elsewhere'" in problems_of(broken)


def test_load_refuses_a_list_whose_emptiness_is_not_described():
    broken = document()
    broken["site"]["steps"]["find_invoice"][2]["empty"] = None
    assert "how an empty list looks" in problems_of(broken)


def test_load_refuses_an_upload_without_receipt():
    broken = document()
    steps = broken["site"]["steps"]
    steps["upload"] = [step for step in steps["upload"] if step.get("into") != "receipt"]
    assert "the receipt is never read" in problems_of(broken)


def test_load_refuses_half_of_a_two_commit_site():
    broken = document("summit-national")
    broken["site"]["steps"]["resume"] = []
    assert "belong together" in problems_of(broken)


def test_load_refuses_a_code_without_its_field():
    broken = document("granite-surety")
    broken["site"]["credentials"] = broken["site"]["credentials"][:2]
    assert "declares no one-time code" in problems_of(broken)


@pytest.mark.parametrize("pattern", ["(", "no group", "(two)(groups)"])
def test_load_refuses_a_pattern_without_one_group(pattern):
    broken = document()
    broken["site"]["steps"]["upload"][5]["pattern"] = pattern
    assert "site.steps.upload.5" in problems_of(broken)


def test_load_refuses_a_wildcard_inside_a_host():
    broken = document()
    broken["site"]["allowed_hosts"] = ["portal.*.com"]
    assert "at its start only" in problems_of(broken)


def test_load_lists_every_problem_at_once():
    broken = document()
    broken["money"]["payment_terms_days"] = -1
    broken["result_channel"]["kind"] = "pigeon"
    problems = problems_of(broken)
    assert "money.payment_terms_days" in problems
    assert "result_channel.kind" in problems


def test_load_reads_codes_without_codes_of_the_carriers_own():
    plain = document()
    plain["codes"] = {"task": ["L110"], "activity": None, "expense": None}
    codes = load_profile(plain).codes
    assert (codes.is_allowed("L110", "task", DAY), codes.is_allowed("L120", "task", DAY)) == (True, False)


def test_load_reads_a_code_of_the_carriers_own():
    own = document()
    own["codes"]["extra"] = [{"code": "HM120", "kind": "task", "label": "Claim plan", "effective_from": "2026-03-01"}]
    codes = load_profile(own).codes
    assert [codes.is_allowed("HM120", "task", on) for on in (date(2026, 2, 28), DAY)] == [False, True]


def test_load_names_codes_that_contradict_each_other():
    broken = document()
    broken["codes"]["extra"] = [{"code": "HM1", "kind": "task", "label": "Plan", "replaces": "HM1"}]
    assert "codes.extra.0: code HM1 replaces itself" in problems_of(broken)


def test_load_refuses_two_rules_of_one_name():
    broken = document()
    broken["guidelines"].append(broken["guidelines"][0])
    assert "guidelines: two rules are called" in problems_of(broken)


def test_load_reads_two_rules_of_one_kind_and_names_of_their_own():
    twice = document()
    twice["guidelines"].append({**twice["guidelines"][0], "id": "second"})
    assert load_profile(twice).guidelines[-1].name == "second"


def test_load_refuses_a_pdf_that_no_step_gives():
    broken = document("meridian-liability")
    broken["site"]["steps"]["upload"] = [
        step for step in broken["site"]["steps"]["upload"] if step.get("value") != "{pdf_file}"
    ]
    assert "format.sends_pdf and an upload step of {pdf_file} belong together" in problems_of(broken)


def test_load_refuses_a_pdf_that_nobody_makes():
    broken = document("meridian-liability")
    broken["format"]["sends_pdf"] = False
    assert "belong together" in problems_of(broken)


def test_load_refuses_an_upload_of_the_pdf_alone():
    broken = document("meridian-liability")
    for step in broken["site"]["steps"]["upload"]:
        if step["verb"] == "upload":
            step["value"] = "{pdf_file}"
    assert "no step gives the file to the site" in problems_of(broken)
