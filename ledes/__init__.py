"""LEDES formats and UTBMS codes: parse, validate, write; usable alone."""
