"""Browser connectors: a carrier's site described once as data, and the code that plays it."""
