"""The one door to the typesetter: a Typst document and its data become a PDF, the same bytes for the same input."""

import json
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from pathlib import Path
from typing import Any

import typst

from core.errors import BillingError

# Tagged, titled and in a known language, so that a screen reader reads tables as tables.
_STANDARD = "ua-1"
_FEW = 16
"""Papers; so many are set before further processes would have begun."""
_LOOK_AHEAD = 4
_NICENESS = 5
_NOT_SET = "The PDF could not be made. What it would print was kept; tell an administrator."
_local = threading.local()


class TypesettingError(BillingError):
    """A document could not be set."""

    code = "typesetting"
    status_code = 500


def typeset(document: Path, data: Mapping[str, Any]) -> bytes:
    """Return a PDF/UA-1 of a Typst document, which reads `data` as `json(bytes(sys.inputs.data))`.

    Texts of the data are set as they are: nothing in them is taken for markup. The document may import others of its
    folder. Only the fonts that come with the typesetter are used, so that every machine makes the same bytes. No
    process that has typeset may fork to typeset: the typesetter's threads would be missing there.

    Raises:
        TypesettingError: the document has a fault, or the data is not what it expects.
    """
    [pdf] = _set(document, json.dumps(data), format="pdf", pdf_standards=_STANDARD)
    return pdf


def typeset_pictures(document: Path, data: Mapping[str, Any], *, ppi: int = 96) -> list[bytes]:
    """Return the same document as one PNG a page.

    Raises:
        TypesettingError: as in `typeset`.
    """
    return _set(document, json.dumps(data), format="png", ppi=ppi)


def typeset_many(document: Path, papers: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Yield the PDF of each in turn, on every core; only a few are held at a time.

    Many are set by processes of their own: the typesetter's threads share one memory of what was laid out, and wait
    for each other there. They stand back for whoever else needs the machine.

    Raises:
        TypesettingError: as in `typeset`, at the paper that could not be set.
    """
    rest = iter(papers)
    few = list(islice(rest, _FEW))
    if len(few) < _FEW:
        yield from (typeset(document, data) for data in few)
        return
    cores = os.cpu_count() or 1
    pool = ProcessPoolExecutor(cores, multiprocessing.get_context("spawn"), initializer=_stand_back)
    try:
        yield from _in_turn(pool, cores * _LOOK_AHEAD, document, chain(few, rest))
    except BrokenProcessPool as fault:
        raise TypesettingError(_NOT_SET, document=document.name, reason="A typesetting process ended.") from fault
    finally:
        pool.shutdown(cancel_futures=True)


def _in_turn(
    pool: ProcessPoolExecutor, most: int, document: Path, papers: Iterable[Mapping[str, Any]]
) -> Iterator[bytes]:
    waiting: deque[Future[bytes]] = deque()
    for data in papers:
        waiting.append(pool.submit(typeset, document, data))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _stand_back() -> None:
    """Begin a process of the pool: one thread is enough where every core has a process."""
    os.environ["RAYON_NUM_THREADS"] = "1"
    os.nice(_NICENESS)


def _set(document: Path, data: str, **form: Any) -> list[bytes]:  # noqa: ANN401 -- the compiler's own options
    try:
        made: Any = _compiler(document).compile(sys_inputs={"data": data}, **form)
    except typst.TypstError as fault:
        raise TypesettingError(_NOT_SET, document=document.name, reason=str(fault)) from fault
    return made if isinstance(made, list) else [made]


def _compiler(document: Path) -> typst.Compiler:
    """Return this thread's compiler of a document; the next one needs neither fonts nor source anew."""
    compilers: dict[Path, typst.Compiler] = _local.__dict__.setdefault("compilers", {})
    if document not in compilers:
        compilers[document] = typst.Compiler(document, root=document.parent, ignore_system_fonts=True)
    return compilers[document]
