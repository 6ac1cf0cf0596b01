"""Server state of the pages about invoices."""
