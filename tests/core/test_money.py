"""Money is exact, rounded once a line half away from zero, and never a float."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import money
from core.errors import InvalidInputError

CENTS = st.integers(-(10**12), 10**12).map(lambda cents: Decimal(cents).scaleb(-2))
UNITS = st.integers(0, 10**7).map(lambda units: Decimal(units).scaleb(-4))
COSTS = st.integers(0, 10**8).map(lambda cost: Decimal(cost).scaleb(-4))


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("2.345", "2.35"), ("-2.345", "-2.35"), ("2.344", "2.34"), ("0.005", "0.01"), ("-0.004", "-0.00"), ("7", "7.00")],
)
def test_round_half_up_rounds_halves_away_from_zero(amount: str, rounded: str) -> None:
    assert str(money.round_half_up(Decimal(amount))) == rounded


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_rounding_is_never_off_by_more_than_half_a_cent(amount: Decimal) -> None:
    rounded = money.round_half_up(amount)
    assert abs(rounded - amount) <= Decimal("0.005")
    assert money.round_half_up(rounded) == rounded
    assert money.round_half_up(-amount) == -rounded


@given(UNITS, COSTS, CENTS)
def test_line_amount_rounds_once(units: Decimal, cost: Decimal, adjustment: Decimal) -> None:
    exact = units * cost + adjustment
    assert money.line_amount(units, cost, adjustment) == money.round_half_up(exact)


def test_line_amount_of_a_third_of_an_hour() -> None:
    assert money.line_amount(Decimal("0.3333"), Decimal("285.00")) == Decimal("94.99")


@given(st.lists(CENTS))
def test_total_is_exact_whatever_the_order(amounts: list[Decimal]) -> None:
    assert money.total(amounts) == money.total(reversed(amounts))
    assert money.total(amounts) * 100 == sum(money.to_cents(amount) for amount in amounts)


def test_total_of_nothing_is_zero_dollars_and_cents() -> None:
    assert str(money.total([])) == "0.00"


@given(CENTS, st.lists(st.integers(1, 10**6), min_size=1, max_size=6))
def test_share_out_loses_no_cent(amount: Decimal, weights: list[int]) -> None:
    percents = [(Decimal(weight) * 100 / sum(weights)).quantize(Decimal("0.0001")) for weight in weights]
    percents[0] += 100 - sum(percents)
    shares = money.share_out(amount, percents)
    assert money.total(shares) == amount
    assert all(abs(share - amount * percent / 100) <= Decimal("0.005") * len(shares)
               for share, percent in zip(shares, percents, strict=True))  # fmt: skip


def test_share_out_gives_the_remainder_to_the_first() -> None:
    third = Decimal("33.3333")
    assert money.share_out(Decimal("100.00"), [third + Decimal("0.0001"), third, third]) == [
        Decimal("33.34"), Decimal("33.33"), Decimal("33.33"),
    ]  # fmt: skip


@pytest.mark.parametrize("percents", [[], [Decimal(99)], [Decimal(60), Decimal("40.0001")]])
def test_share_out_refuses_shares_that_do_not_add_up(percents: list[Decimal]) -> None:
    with pytest.raises(InvalidInputError, match="do not add up to 100 %"):
        money.share_out(Decimal(1), percents)


@pytest.mark.parametrize(
    ("given_value", "number"),
    [("125.50", "125.50"), (" 7 ", "7"), ("-.5", "-0.5"), ("+1.", "1"), (3, "3"), (Decimal("1E+2"), "100")],
)
def test_to_decimal_takes_plain_numbers(given_value: Any, number: str) -> None:
    assert money.to_decimal(given_value) == Decimal(number)


@pytest.mark.parametrize(
    "wrong",
    [0.1, True, None, "", "abc", "1,200.00", "$5", "NaN", "Infinity", Decimal("NaN"), "1_000", "1e3", "\u0661", "--1"],
)
def test_to_decimal_refuses_the_rest_with_a_sentence(wrong: Any) -> None:
    with pytest.raises(InvalidInputError, match="Nothing was saved"):
        money.to_decimal(wrong)


@given(CENTS)
def test_text_and_cents_say_the_same(amount: Decimal) -> None:
    assert Decimal(money.as_text(amount)) * 100 == money.to_cents(amount)


@pytest.mark.parametrize(("amount", "text"), [("1250", "$1,250.00"), ("-12.5", "-$12.50"), ("0", "$0.00")])
def test_as_dollars_reads_as_people_write(amount: str, text: str) -> None:
    assert money.as_dollars(Decimal(amount)) == text


def test_as_text_never_uses_an_exponent() -> None:
    assert money.as_text(Decimal("1E+5")) == "100000.00"
