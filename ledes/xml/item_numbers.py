"""The file_item_nbr values of a file: each used once, remembered in a bit each while they lie close together."""

from typing import Final

_PAGE_BITS: Final = 13
_MOST_PAGES: Final = 4_096


class ItemNumbers:
    """Numbers seen so far.

    A file counts its items from one upwards, so pages of 8,192 bits hold millions in little memory. Numbers strewn
    over more than 4,096 pages are remembered for those pages alone: memory stays flat, and such a file is foul anyway.
    """

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def add(self, number: int) -> bool:
        """Remember a number; return False when it was there before."""
        page = self._pages.get(number >> _PAGE_BITS)
        if page is None:
            if len(self._pages) >= _MOST_PAGES:
                return True
            page = self._pages[number >> _PAGE_BITS] = bytearray(1 << (_PAGE_BITS - 3))
        at, bit = (number >> 3) & ((1 << (_PAGE_BITS - 3)) - 1), 1 << (number & 7)
        is_new = not page[at] & bit
        page[at] |= bit
        return is_new
