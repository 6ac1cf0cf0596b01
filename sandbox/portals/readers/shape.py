"""Whether an XML file has the shape of LEDES XML 2.1: segments inside segments, elements in order, numbers once."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, fromstring

from sandbox.portals.readers.reading import Reading
from sandbox.portals.readers.segments import IGNORED, NUMBER, ROOT, SEGMENTS, Segment

_NAMESPACES = ("", "http://www.ledes.org/")
_ITEMS = {"fee", "expense", "matter_disc_cred"}


def segments_of(data: bytes, reading: Reading) -> Element | None:
    """Return the root, names without their namespace, when the shape is right; else note why not and return None."""
    root = _parsed(data, reading)
    if root is None:
        return None
    seen: set[str] = set()
    firms = [child for child in root if child.tag not in IGNORED]
    if not firms or any(child.tag != "firm" for child in firms):
        reading.add(None, "", "The file must hold a firm segment and nothing beside it.")
    numbering = {item: at for at, item in enumerate(items_of(root), 1)}
    for firm in root.findall("firm"):
        _check(firm, None, numbering, seen, reading)
    return None if reading.findings else root


def items_of(root: Element) -> Iterator[Element]:
    """Yield fees, expenses and discounts or credits of the matters, in the order of the file."""
    return (element for element in root.iter() if element.tag in _ITEMS)


def _parsed(data: bytes, reading: Reading) -> Element | None:
    if not data.strip():
        reading.add(None, "", "The file is empty.")
        return None
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        reading.add(None, "", "A document type declaration is not accepted.")
        return None
    try:
        data.decode("utf-8")
        root = fromstring(data)  # noqa: S314 - entities were refused above, and these sites are for practice
    except UnicodeDecodeError:
        reading.add(None, "", "The file contains invalid format: it is not UTF-8.")
        return None
    except ParseError as fault:
        reading.add(None, "", f"The file is not well-formed XML: line {fault.position[0]}.")
        return None
    return _without_namespace(root, reading)


def _without_namespace(root: Element, reading: Reading) -> Element | None:
    space, _, name = root.tag.rpartition("}")
    known, start = _NAMESPACES
    if name != ROOT or (space.removeprefix("{") != known and not space.removeprefix("{").startswith(start)):
        reading.add(None, "", f"The root of the file must be {ROOT} of www.ledes.org.")
        return None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def _check(element: Element, line: int | None, numbering: dict[Element, int], seen: set[str], reading: Reading) -> None:
    """Check a segment and everything inside it; `line` is the item that it belongs to, if any."""
    segment, line = SEGMENTS[element.tag], numbering.get(element, line)
    _check_order(element, segment, line, reading)
    for name in segment.needed:
        if not (element.findtext(name) or "").strip():
            reading.add(line, name, "Required element is missing or empty.")
    for name, longest in segment.longest.items():
        if len(element.findtext(name) or "") > longest:
            reading.add(line, name, f"The element is longer than {longest} characters.")
    if segment.is_numbered or element.find(NUMBER) is not None:
        _check_number(element, line, seen, reading)
    for child in element:
        if child.tag in SEGMENTS and (child.tag in segment.inner or child.tag in segment.elements):
            _check(child, line, numbering, seen, reading)


def _check_order(element: Element, segment: Segment, line: int | None, reading: Reading) -> None:
    """Check that each child is known, comes once, and comes in order; the item number after all elements."""
    order = (*segment.elements, NUMBER)
    last = -1
    for child in element:
        if child.tag in segment.inner or child.tag in IGNORED:
            continue
        if child.tag not in order:
            reading.add(line, child.tag, f"The element {child.tag} is not expected in {element.tag}.")
            continue
        place = order.index(child.tag)
        if place <= last:
            reading.add(line, child.tag, f"The element {child.tag} is out of order in {element.tag}.")
        last = max(last, place)


def _check_number(element: Element, line: int | None, seen: set[str], reading: Reading) -> None:
    number = (element.findtext(NUMBER) or "").strip()
    if not (number.isascii() and number.isdigit()):
        reading.add(line, NUMBER, f"The segment {element.tag} must end with a whole file_item_nbr.")
    elif number in seen:
        reading.add(line, NUMBER, f"File item number {number} is used more than once.")
    seen.add(number)
