"""Figures measured beside a rival in the same run."""
