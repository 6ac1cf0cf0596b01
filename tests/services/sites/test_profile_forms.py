"""Forms of a profile: what is typed stands in the draft, what was not asked for stays, nonsense changes nothing."""

from typing import Any

import pytest

from carriers.profile import load_profile
from carriers.seeds import seed_profiles
from core.errors import InvalidInputError
from services.sites import profile_forms
from services.sites.profile_forms import Terms

REFUSED = {"signal": "file_refused", "selectors": "#no", "rows": "#no li", "message": ".why", "line_item_number": ".at"}


def seeded() -> dict[str, Any]:
    return seed_profiles()["harbor-mutual"].model_dump(mode="json")


def test_start_with_the_usual_file_and_ask_for_the_clocks():
    assert profile_forms.terms_of(profile_forms.started()) == Terms()
    assert "money" not in profile_forms.started()


def test_page_is_added_changed_renamed_in_its_place_and_removed():
    draft = profile_forms.with_page({}, " home ", "#welcome\n\n text/Welcome ")
    draft = profile_forms.with_page(draft, "list", "#list")
    draft = profile_forms.with_page(draft, "first", "#welcome", before="home")
    assert profile_forms.pages_of(draft) == [("first", ["#welcome"]), ("list", ["#list"])]
    assert profile_forms.pages_of(profile_forms.without_page(draft, "first")) == [("list", ["#list"])]


@pytest.mark.parametrize(("name", "selectors"), [("", "#a"), ("new", " \n "), ("home", "#a")])
def test_page_without_name_or_selector_or_of_a_known_name_is_refused(name: str, selectors: str):
    draft = profile_forms.with_page({}, "home", "#welcome")
    with pytest.raises(InvalidInputError, match="hing was changed"):
        profile_forms.with_page(draft, name, selectors)


def test_answer_is_added_changed_in_its_place_and_removed():
    draft = profile_forms.with_outcome({}, {"signal": "login_rejected", "texts": "Wrong password"})
    draft = profile_forms.with_outcome(draft, REFUSED)
    draft = profile_forms.with_outcome(draft, {"signal": "account_locked", "selectors": "#locked"}, at=0)
    kinds = [one["signal"] for one in profile_forms.outcomes_of(draft)]
    assert kinds == ["account_locked", "file_refused"]
    assert profile_forms.outcomes_of(draft)[1]["findings"] == {
        "selectors": ["#no li"],
        "columns": {"message": ".why", "line_item_number": ".at"},
    }
    assert [one["signal"] for one in profile_forms.outcomes_of(profile_forms.without_outcome(draft, 0))] == kinds[1:]


@pytest.mark.parametrize("form", [{}, {"signal": "elsewhere", "texts": "x"}, {"signal": "challenge", "texts": " "}])
def test_answer_without_meaning_or_sign_is_refused(form: dict[str, str]):
    with pytest.raises(InvalidInputError, match="Choose what it means"):
        profile_forms.with_outcome({}, form)


def test_change_of_an_answer_keeps_the_lists_in_which_it_counts():
    draft = {"site": {"outcomes": [{"signal": "challenge", "selectors": ["#robot"], "lists": ["upload"]}]}}
    changed = profile_forms.with_outcome(draft, {"signal": "challenge", "selectors": "#robots"}, at=0)
    assert profile_forms.outcomes_of(changed)[0]["lists"] == ["upload"]


def test_decisions_are_the_words_of_the_site():
    draft = profile_forms.with_decisions({}, {"pending": "Open\nIn review", "approved": "Paid"})
    assert draft["site"]["decisions"] == {"Open": "pending", "In review": "pending", "Paid": "approved"}
    assert profile_forms.decision_words(draft)["pending"] == "Open\nIn review"
    with pytest.raises(InvalidInputError, match="“Paid” stands for two"):
        profile_forms.with_decisions({}, {"approved": "Paid", "reduced": "Paid"})


def test_terms_change_what_the_form_asks_for_and_keep_the_rest():
    draft = {"format": {"max_decimals": {"UNITS": 1}}, "money": {"resubmission": "suffix"}}
    typed = {
        "dialect": "LEDES98BI V2", "law_firm_id": "digits_only", "file_name": "A_{invoice_number}.txt", "kind": "poll",
        "appeal_days": "30", "payment_days": " 45 ",
    }  # fmt: skip
    changed = profile_forms.with_terms(draft, typed)
    assert changed["format"]["max_decimals"] == {"UNITS": 1}
    assert changed["money"] == {"resubmission": "suffix", "appeal_window_days": 30, "payment_terms_days": 45}
    assert profile_forms.terms_of(changed) == Terms(
        "LEDES98BI V2", "digits_only", "A_{invoice_number}.txt", "poll", "30", "45"
    )


@pytest.mark.parametrize("days", ["", "-1", "soon", "12345", "٣"])
def test_terms_want_whole_days(days: str):
    with pytest.raises(InvalidInputError, match="is no number of days"):
        profile_forms.with_terms({}, {"appeal_days": days, "payment_days": "45"})


@pytest.mark.parametrize("slug", sorted(seed_profiles()))
def test_forms_of_every_seed_profile_kept_unchanged_change_nothing(slug: str):
    draft = seed_profiles()[slug].model_dump(mode="json")
    kept = draft
    for name, selectors in profile_forms.pages_of(draft):
        kept = profile_forms.with_page(kept, name, "\n".join(selectors), before=name)
    kept = profile_forms.with_decisions(kept, profile_forms.decision_words(draft))
    terms = profile_forms.terms_of(draft)
    kept = profile_forms.with_terms(kept, {**vars(terms), "kind": terms.channel})
    assert load_profile(kept) == load_profile(draft)


def test_forms_survive_a_draft_of_any_shape():
    odd: dict[str, Any] = {"site": {"pages": [], "outcomes": {}, "decisions": 7}, "format": 3, "money": None}
    assert profile_forms.pages_of(odd) == []
    assert profile_forms.outcomes_of(odd) == []
    assert set(profile_forms.decision_words(odd).values()) == {""}
    assert profile_forms.terms_of(odd) == Terms()
    assert profile_forms.without_page(odd, "x")["site"]["pages"] == {}
