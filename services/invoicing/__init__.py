"""Numbered invoices: made, corrected, voided, printed."""
