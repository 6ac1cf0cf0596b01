"""Practice carriers: carrier sites on several platforms, served at `<slug>.localhost`, with stores that count."""
