"""Every error is a leaf of one root, with a code of its own and a sentence for a person."""

import pytest

from core.errors import BillingError, FencedError, NotSignedInError, UnavailableError


def _leaves(root: type[BillingError]) -> set[type[BillingError]]:
    return {leaf for child in root.__subclasses__() for leaf in {child, *_leaves(child)}}


def test_codes_are_unique() -> None:
    here = [leaf for leaf in _leaves(BillingError) if leaf.__module__ == "core.errors"]
    codes = [leaf.code for leaf in here]
    assert len(codes) == len(set(codes)) >= 8
    assert all(leaf.__doc__ for leaf in here)


def test_error_carries_its_sentence_and_facts() -> None:
    error = FencedError("Another worker has it. Nothing was written.", submission_id=7)
    assert str(error) == error.user_message == "Another worker has it. Nothing was written."
    assert error.facts == {"submission_id": 7}


@pytest.mark.parametrize(("leaf", "status"), [(NotSignedInError, 401), (UnavailableError, 503), (FencedError, 409)])
def test_http_status_belongs_to_the_leaf(leaf: type[BillingError], status: int) -> None:
    assert leaf.status_code == status


def test_only_what_may_come_back_is_retried_by_machine() -> None:
    assert UnavailableError.retryable
    assert not FencedError.retryable
