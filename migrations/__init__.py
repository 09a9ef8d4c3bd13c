"""Alembic: one linear history, each step reversible."""
