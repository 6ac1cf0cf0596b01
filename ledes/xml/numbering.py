"""Line numbers as XML wants them: whole numbers, ascending, because file_item_nbr is what a portal quotes."""

from dataclasses import replace

from ledes.document import LedesInvoice


def renumbered(invoice: LedesInvoice) -> LedesInvoice:
    """Return the invoice with its lines numbered 1, 2, 3 and on, in the order they stand in."""
    lines = (line._replace(line_item_number=str(number)) for number, line in enumerate(invoice.lines, start=1))
    return replace(invoice, lines=tuple(lines))


def is_numbered(invoice: LedesInvoice) -> bool:
    """Tell whether line numbers are whole numbers in plain digits, from 1, each greater than the one before."""
    last = 0
    for line in invoice.lines:
        number = line.line_item_number
        if not (number.isascii() and number.isdigit() and len(number) <= 15 and str(int(number)) == number):  # noqa: PLR2004 -- room below 18 digits for the items that come after
            return False
        if int(number) <= last:
            return False
        last = int(number)
    return True
