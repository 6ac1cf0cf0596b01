"""Repairs that lose nothing, one kind a module; `ledes.repair` puts them together."""
