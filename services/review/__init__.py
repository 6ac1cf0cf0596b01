"""The review of proformas: their lines, edits, findings, splits and the queue."""
