"""The composition root: the app, its routes, HTTP edges, middleware and commands."""
