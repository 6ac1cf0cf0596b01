"""The door of this room: bytes of a file in, a recording out."""

from carriers.recordings.chrome import is_chrome, read_chrome
from carriers.recordings.document import read_document
from carriers.recordings.recording import Recording, UnreadableRecordingError
from carriers.recordings.selenium_ide import is_selenium_ide, read_selenium_ide


def read_recording(content: bytes) -> Recording:
    """Read a recording of either tool.

    Raises:
        UnreadableRecordingError: it is none, or holds nothing.
    """
    document = read_document(content)
    if is_selenium_ide(document):
        return read_selenium_ide(document)
    if is_chrome(document):
        return read_chrome(document)
    raise UnreadableRecordingError("it is JSON, but it holds neither the steps of a Recorder nor the tests of an IDE.")
