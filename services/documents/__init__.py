"""Papers that the firm gives out: invoices, proformas and letters, of one look."""
