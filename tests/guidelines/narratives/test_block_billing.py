"""Tasks told apart from lists, citations, pairs of verbs and purposes; each case judged by the labelling rules."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidelines.narratives.block_billing import find_block_billing

ONE_TASK = """
Review and analyze plaintiff's second amended complaint
Draft and revise motion for summary judgment on assumption of risk
Review, annotate and index medical records of Dr. Osei and Mercy Hospital
Draft interrogatories and requests for production to co-defendant Delmar Trucking
Research 28 U.S.C. § 1332; Fed. R. Civ. P. 12(b)(6); standing of assignee to sue
Attend deposition of Officer Lund and cross-examine him on skid marks
Telephone conference with claims handler Pratt re reserve, mediation date and expert budget
Review records of Bay Imaging, Coast Orthopedics and Dr. Iyer for prior injuries
Prepare outline for deposition of plant manager Sikes, including questions on maintenance and training
Letter to opposing counsel enclosing Bates-stamped production and privilege log
Prepare exhibit list: Ex. A (lease); Ex. B (photographs); Ex. C (incident report)
Analyze Smith v. Jones, Inc. and Harlow & Sons v. Reed on duty of landlord
Meet and confer with plaintiff's counsel on scope of inspection of warehouse
Research whether landlord owed duty and whether breach caused fall
Review deposition transcript of Dr. Vance to determine apportionment and future care
E-mail to adjuster Nolan summarizing testimony of treating physician and value of claim
Attend mediation before Judge Ferris with insured and excess carrier
Review discovery responses of Harbor Crane & Rigging to identify missing documents and objections
Draft reply to opposition to motion to compel and supporting declaration
Evaluate liability and damages exposure for pretrial report to carrier
Travel to and from Fresno for inspection of roof
Draft subpoena to employer for payroll and attendance records
Telephone interview of foreman on events at site and alleged defect in the ladder
Review lease (parts 1) and 2) of Delmar
""".strip().splitlines()

SEVERAL = {
    "Review police report; draft answer to complaint": ("Review police report", "Draft answer to complaint"),
    "Telephone call with adjuster Ross re settlement authority; revise release": (
        "Telephone call with adjuster Ross re settlement authority",
        "Revise release",
    ),
    "Draft motion in limine, review expert report of Dr. Kaye, and call witness Amos": (
        "Draft motion in limine",
        "Review expert report of Dr. Kaye",
        "Call witness Amos",
    ),
    "Research comparative fault and draft memorandum to file on same": (
        "Research comparative fault",
        "Draft memorandum to file on same",
    ),
    "Prepare for and attend deposition of plaintiff": ("Prepare for", "Attend deposition of plaintiff"),
    "Travel to San Jose and attend hearing on motion to compel": (
        "Travel to San Jose",
        "Attend hearing on motion to compel",
    ),
    "TC w/ adj re resv; rev med recs of Dr. Poe": ("TC w/ adj re resv", "Rev med recs of Dr. Poe"),
    "Review medical records (0.4); draft letter to Dr. Imber re causation (0.3)": (
        "Review medical records (0.4)",
        "Draft letter to Dr. Imber re causation (0.3)",
    ),
    "Reviewed incident photographs. Drafted initial report to carrier. Called insured to schedule interview.": (
        "Reviewed incident photographs",
        "Drafted initial report to carrier",
        "Called insured to schedule interview",
    ),
    "Draft answer to cross-complaint and file same with court": (
        "Draft answer to cross-complaint",
        "File same with court",
    ),
    "1) Review lease 2) Draft tender letter to landlord's carrier": (
        "1) Review lease",
        "2) Draft tender letter to landlord's carrier",
    ),
    "Interview store manager Pell then draft summary of interview": (
        "Interview store manager Pell",
        "Draft summary of interview",
    ),
    "Meet with insured to prepare for deposition; attend deposition of insured": (
        "Meet with insured to prepare for deposition",
        "Attend deposition of insured",
    ),
    "Analyze police report & draft notice of deposition of Officer Cole": (
        "Analyze police report",
        "Draft notice of deposition of Officer Cole",
    ),
}
_WORDS = re.compile(r"\w+")
_JOINTS = {"and", "then", "plus", "as", "well", "followed", "by"}


@pytest.mark.parametrize("text", ONE_TASK)
def test_find_nothing_in_one_task(text):
    assert find_block_billing(text) is None


@pytest.mark.parametrize(("text", "parts"), SEVERAL.items())
def test_find_tasks_and_cut_between_them(text, parts):
    found = find_block_billing(text)
    assert found is not None
    assert found.parts == parts


def test_reason_counts_and_quotes_tasks():
    found = find_block_billing("Review police report; draft answer to complaint")
    assert found is not None
    assert found.reason == "The narrative holds two tasks: “Review police report” and “Draft answer to complaint”."


@pytest.mark.parametrize("text", [*ONE_TASK, *SEVERAL])
def test_answer_does_not_turn_on_spaces_around_or_a_full_stop_behind(text):
    count = _count(text)
    assert _count(f"  {text} ") == count
    assert _count(text if text.endswith(".") else f"{text}.") == count


@given(st.lists(st.sampled_from([*ONE_TASK, *SEVERAL]), min_size=1, max_size=3), st.sampled_from(["; ", ". ", " and "]))
def test_parts_hold_every_word_in_order(texts, joint):
    whole = joint.join(texts)
    found = find_block_billing(whole)
    if found is not None:
        assert _words(" ".join(found.parts)) == _words(whole)


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text):
    found = find_block_billing(text)
    assert found is None or len(found.parts) > 1


def _count(text: str) -> int:
    found = find_block_billing(text)
    return len(found.parts) if found else 1


def _words(text: str) -> list[str]:
    return [word for word in _WORDS.findall(text.lower()) if word not in _JOINTS]
