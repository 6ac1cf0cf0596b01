"""LEDES XML E-Billing 2.0, 2.1 and 2.2: a tolerant streaming reader and a strict writer."""
