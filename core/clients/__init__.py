"""Clients: the brands that people work for, and the files that say who they are."""
