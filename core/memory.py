"""How a server that runs for days looks for garbage: what it was made of is left alone, and the rest now and then."""

import gc

# Each answer makes thousands of objects and no cycles to speak of. By the interpreter's own measures every few
# hundred of them are looked through, and all that the process holds so often that it took a tenth of its time.
_YOUNG, _MIDDLE, _OLD = 50_000, 20, 100


def settle() -> None:
    """Keep what is loaded by now out of every later search, and search less often; once, when a server has started."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
