"""Carriers' guidelines at work: versions, findings, trials and permissions."""
