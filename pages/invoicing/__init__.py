"""Pages about invoices."""
