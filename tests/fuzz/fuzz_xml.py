"""`python -m tests.fuzz.fuzz_xml [libFuzzer options]`: bytes and damaged XML files, led by the lines they reach."""

import sys

import atheris

with atheris.instrument_imports(include=["ledes"]):
    from tests.fuzz.xml_promises import check_promises_for

if __name__ == "__main__":
    atheris.Setup(sys.argv, check_promises_for)
    atheris.Fuzz()
