"""Server state of the pages about what carriers answer."""
