"""Prepare a machine from nothing but Python and make: `python3 -m tools.setup`. Standard library only."""
