"""The one table from signal to consequence."""

import pytest

from carriers.errors import ALL_SIGNALS, LoginRejectedError, SiteUnavailableError
from core.errors import BillingError
from models import Submission
from models.enums import SubmissionStatus
from services.outcomes import OUTCOMES, Audience, Pause, Retry, outcome_of, retry_delay_ms
from services.transitions import find


@pytest.mark.parametrize("signal", ALL_SIGNALS)
def test_outcome_is_declared_for_every_signal(signal):
    assert signal in OUTCOMES


@pytest.mark.parametrize(("signal", "outcome"), OUTCOMES.items())
def test_outcome_names_verbs_that_the_ledger_has(signal, outcome):
    _, before = find(Submission, outcome.verb)
    _, after = find(Submission, outcome.verb_after_commit)
    assert SubmissionStatus.CLAIMED in before.sources
    assert SubmissionStatus.INTENT in after.sources


@pytest.mark.parametrize(("signal", "outcome"), OUTCOMES.items())
def test_outcome_never_sends_again_by_itself_once_a_click_was_declared(signal, outcome):
    assert outcome.verb_after_commit in {"doubt", "refuse"}


@pytest.mark.parametrize(("signal", "outcome"), OUTCOMES.items())
def test_outcome_retries_only_what_goes_back_to_ready(signal, outcome):
    assert (outcome.retry is Retry.BACKOFF) == (outcome.verb == "release")


def test_outcome_of_a_rejected_log_in_pauses_the_account_and_tells_the_admin():
    outcome = outcome_of(LoginRejectedError("Practice site"))
    assert (outcome.pause, outcome.hears, outcome.ends_visit) == (Pause.ACCOUNT, Audience.ADMIN, True)


def test_outcome_of_an_error_no_site_raised_asks_a_person():
    assert outcome_of(BillingError("Something else.")).verb == "need_attention"


def test_retry_delay_grows_to_two_hours_and_stays():
    assert [retry_delay_ms(n, 1) // 60_000 for n in range(7)] == [1, 1, 5, 30, 120, 120, 120]


def test_retry_delay_follows_the_scale():
    assert retry_delay_ms(1, 0.01) == 600
    assert outcome_of(SiteUnavailableError("Practice site")).retry is Retry.BACKOFF
