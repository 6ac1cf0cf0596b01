"""The schema's history: revisions, and the functions that move a database along them."""

from migrations.schema import current, downgrade, upgrade

__all__ = ["current", "downgrade", "upgrade"]
