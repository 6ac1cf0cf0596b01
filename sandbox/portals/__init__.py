"""Practice carriers: seven carrier sites on four platforms, served at `<slug>.localhost`, with stores that count."""
