"""The house's own lints, for promises that no general linter knows: `python -m tools.lints [FILE ...]`."""
