"""Keyboards: for each kind of button its typed callback data and the builder."""
