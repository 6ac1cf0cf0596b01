"""The elements of a file put together to segments as the parser meets them; nothing is kept longer than it is open."""

from collections.abc import Callable
from functools import partial
from typing import Final
from xml.parsers.expat import XMLParserType

from ledes.findings import FindingCode
from ledes.xml.elements import ITEM, SPECS, Element
from ledes.xml.nodes import NOWHERE, WHITESPACE, Node, Place
from ledes.xml.reading import Reading
from ledes.xml.sniff import local_name
from ledes.xml.values import fault, read_item, shown

DEEPEST: Final = 64
LONGEST_TEXT: Final = 262_144
_NULL_LENGTH: Final = len("NULL")
_NOT_KEPT: Final = frozenset({"fee", "expense", "invoice", "client", "firm"})

_place: Final = partial(tuple.__new__, Place)  # half the price of the constructor, paid an element


class StopReading(Exception):  # noqa: N818 -- no error: the file has been reported, there is no point in going on
    """Nothing more of the file can be read."""


class Tree:
    """Handlers of the parser's events.

    Attributes:
        texts: character data since the last tag; the parser appends to it.
    """

    def __init__(self, parser: XMLParserType, reading: Reading, on_close: Callable[[Node], None]) -> None:
        self.texts: list[str] = []
        self._parser = parser
        self._reading = reading
        self._on_close = on_close
        self._lengths = reading.limits.lengths
        self._node = Node(SPECS["file"], NOWHERE)
        self._leaf: Element | None = None
        self._place = NOWHERE
        self._skipped = 0
        self._is_cut = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        """Take an element's start tag."""
        if self._skipped or self._leaf is not None:
            self._start_inside(name)
            return
        node = self._node
        element = node.spec.known.get(name) or node.spec.known.get(local_name(name))
        parser = self._parser
        place = _place((parser.CurrentLineNumber, parser.CurrentColumnNumber + 1, parser.CurrentByteIndex))
        self.texts.clear()
        if element is None or element.kind == "other":
            self._skip(name, place, is_known=element is not None)
            return
        if element.order >= node.last:
            node.last = element.order
        elif element.order:
            self._tell_order(element, node, place)
        if element.spec is None:
            self._leaf, self._place = element, place
        else:
            self._open(element, place)

    def end(self, _name: str) -> None:
        """Take an element's end tag."""
        if self._skipped:
            self._skipped -= 1
        elif self._leaf is None:
            self._close()
            return
        else:
            self._end_leaf(self._leaf)
            self._leaf = None
        self.texts.clear()

    def cut_giant(self) -> None:
        """Give up a text that has grown too long; to be called now and then while a file is fed."""
        if self._leaf is None or self._skipped:
            self.texts.clear()
        elif sum(map(len, self.texts)) > LONGEST_TEXT and not self._is_cut:
            self._is_cut = True
            message = f"has more than {LONGEST_TEXT} characters; its text is not read."
            problem = fault(
                FindingCode.TOO_LONG, self._leaf.name, message, "Shorten it, and look for a missing end tag."
            )
            self._reading.tell(problem, self._place)
        if self._is_cut:
            self.texts.clear()

    def _start_inside(self, name: str) -> None:
        parser = self._parser
        place = Place(parser.CurrentLineNumber, parser.CurrentColumnNumber + 1, parser.CurrentByteIndex)
        if not self._skipped:
            self._skip(name, place, is_known=False)
            return
        self._skipped += 1
        if self._skipped > DEEPEST:
            message = f"is nested more than {DEEPEST} elements deep."
            self._reading.tell(fault(FindingCode.TOO_DEEP, local_name(name), message, "Export the file again."), place)
            raise StopReading

    def _skip(self, name: str, place: Place, *, is_known: bool) -> None:
        self._skipped = 1
        if not is_known:
            where = self._leaf.name if self._leaf else self._node.spec.name
            message = f"is not an element known in {where}; it was skipped."
            fix = "Check its spelling and place; if the standard has it, nothing is wrong."
            self._reading.tell_once(fault(FindingCode.UNKNOWN_ELEMENT, local_name(name), message, fix), place)

    def _tell_order(self, element: Element, node: Node, place: Place) -> None:
        message = f"stands after elements of {node.spec.name} that it should stand before."
        fix = "Write the elements in the standard's order."
        self._reading.tell_once(fault(FindingCode.ELEMENT_ORDER, element.name, message, fix), place)

    def _open(self, element: Element, place: Place) -> None:
        spec = element.spec or self._node.spec
        node = Node(spec, place, self._node)
        if element.kind == "wrapper":
            node.values, node.places = self._node.values, self._node.places
        elif spec.name not in _NOT_KEPT:
            self._node.children.setdefault(spec.name, []).append(node)
        self._node = node

    def _close(self) -> None:
        node = self._node
        if node.parent is None:
            return
        self._node = node.parent
        self.texts.clear()
        if node.parent.spec is not node.spec:
            self._number(node)
            self._on_close(node)

    def _end_leaf(self, element: Element) -> None:
        texts = self.texts
        if self._is_cut:
            texts.clear()
            self._is_cut = False
        raw = texts[0] if len(texts) == 1 else "".join(texts)
        text = raw.strip(WHITESPACE)
        node, name = self._node, element.name
        if text:
            length = len(text)
            if length != len(raw) or length == _NULL_LENGTH or length > self._lengths[element]:
                self._check_text(element, raw, text)
            if name in node.values:
                self._tell_repeated(name, node, text)
                return
            node.values[name] = text
        if name not in node.places:
            node.places[name] = self._place

    def _check_text(self, element: Element, raw: str, text: str) -> None:
        tell, name, place = self._reading.tell, element.name, self._place
        if len(raw) != len(text):
            tell(fault(FindingCode.PADDED_VALUE, name, "has white space around it.", "Remove it.", value=raw), place)
        if text.upper() == "NULL":
            fix = "Leave the element out."
            tell(fault(FindingCode.NULL_WORD, name, "holds the word NULL.", fix, value=text), place)
        limit = self._lengths[element]
        if len(text) > limit:
            message = f"has {len(text)} characters; {limit} is the most."
            fix = f"Shorten it to {limit} characters."
            tell(fault(FindingCode.TOO_LONG, name, message, fix, value=text), place)

    def _tell_repeated(self, name: str, node: Node, text: str) -> None:
        is_same = node.values[name] == text
        message = f"stands twice in {node.spec.name}, first as {shown(node.values[name])}."
        problem = fault(
            FindingCode.REPEATED_ELEMENT, name, message, "Keep one of the two.", value=text, is_warning=is_same
        )
        self._reading.tell(problem, self._place)

    def _number(self, node: Node) -> None:
        """Read a segment's file_item_nbr and see that it is the file's only one of that number."""
        text = node.value(ITEM)
        if not text:
            return
        number, place = read_item(text), node.place_of(ITEM)
        if number is None:
            message = f"is {shown(text)}, not a whole number."
            fix = "Number the items of the file 1, 2, 3 and on."
            self._reading.tell(fault(FindingCode.BAD_NUMBER, ITEM, message, fix, value=text), place)
            return
        node.item = str(number)
        if not self._reading.items.add(number):
            message = f"is {number}, used before in this file."
            problem = fault(FindingCode.DUPLICATE_LINE_NUMBER, ITEM, message, "Use each number once.", value=text)
            self._reading.tell(problem, place)
