"""Files on their way to a carrier's site, each once: the ledger, leases, drains and what people decide."""
