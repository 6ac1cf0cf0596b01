"""The crash matrix: every step of an upload, times every way to break it, on every kind of practice site."""
