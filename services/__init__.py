"""Use cases: the only writers of the database. Verbs taking `(session, actor, ...)`; nobody here commits."""

from services import immutability as immutability
