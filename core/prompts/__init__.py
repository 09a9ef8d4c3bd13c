"""Prompts: templates as files, and pure functions that fill them."""
