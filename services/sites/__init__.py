"""Carriers, their sites and log-ins, the profiles that describe them, and what keeps watch over them."""
