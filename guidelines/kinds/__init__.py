"""The rules a carrier may set, one model a kind: parameters with their defaults, nothing that runs."""
