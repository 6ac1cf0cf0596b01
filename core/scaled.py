"""One column type for exact numbers: DECIMAL on MySQL, scaled integers on SQLite."""

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Numeric
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from core.errors import InvalidInputError


class Scaled(TypeDecorator[Decimal]):
    """An exact decimal of `precision` digits, `scale` of them after the point.

    SQLite has no decimal type and sums reals into 0.30000000000000004, so it stores integers
    of 10**-scale. Sums and comparisons in SQL are right on both; products are not and are banned by a lint.

    Raises:
        InvalidInputError: on binding a float, a NaN, or more digits than the column holds.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__(precision, scale)
        self.precision = precision
        self.scale = scale

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Pick the storage of the dialect."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(self.precision, self.scale, asdecimal=True))

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Decimal | int | None:
        """Check the digits and scale them where the dialect stores integers."""
        if value is None:
            return None
        scaled = self._scaled(value)
        return scaled if dialect.name == "sqlite" else Decimal(scaled).scaleb(-self.scale)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ANN401 -- driver's own type
        """Return a Decimal with exactly `scale` places."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return Decimal(int(value)).scaleb(-self.scale)
        return Decimal(value).quantize(Decimal(1).scaleb(-self.scale))

    def _scaled(self, value: Decimal | int) -> int:
        if isinstance(value, bool) or not isinstance(value, (Decimal, int)):
            message = f"{value!r} is not an exact number, so it was not saved."
            raise InvalidInputError(message)
        number = Decimal(value)
        if not number.is_finite():
            message = f"{value!r} is not a number, so it was not saved."
            raise InvalidInputError(message)
        scaled = number.scaleb(self.scale)
        if scaled != scaled.to_integral_value() or abs(scaled) >= 10**self.precision:
            message = f"{number:f} has more digits than the field keeps ({self.scale} decimals); it was not saved."
            raise InvalidInputError(message)
        return int(scaled)


def money_type() -> Scaled:
    """Dollars and cents: 14 digits, 2 decimals."""
    return Scaled(14, 2)


def unit_cost_type() -> Scaled:
    """An hourly rate or the cost of a unit: 14 digits, 4 decimals."""
    return Scaled(14, 4)


def units_type() -> Scaled:
    """Hours or counts: 12 digits, 4 decimals."""
    return Scaled(12, 4)
