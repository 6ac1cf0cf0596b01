"""The pictures of docs/images, taken from a portal with a seeded firm at work."""
