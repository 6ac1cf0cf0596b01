"""Bytes kept in the database, where no bucket and no common folder is at hand."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field

from models.base import Table

CHUNK_BYTES = 1024 * 1024


class StoredObject(Table, table=True):
    """A piece of evidence, or a file kept for a while, under the key that its own row names; only adapters/ uses it."""

    id: int | None = Field(default=None, primary_key=True)
    object_key: str = Field(max_length=255, unique=True)
    media_type: str = Field(max_length=60)
    byte_count: int
    sha256: str = Field(max_length=64)
    created_at: datetime


class StoredChunk(Table, table=True):
    """A part of a stored object, at most `CHUNK_BYTES` long; `position` counts from 0."""

    stored_object_id: int = Field(foreign_key="stored_object.id", primary_key=True)
    position: int = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary(CHUNK_BYTES), nullable=False))
