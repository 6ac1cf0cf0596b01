"""The practice identity provider: the firm's people sign in by choosing who they are."""
