"""Invoices that go by e-mail or on paper: queued, sent or printed once, with what proves it."""
