"""The outside world, played locally: practice carriers, firm and identity provider."""
