"""Uploads: files that people send, known by their content, read for their text, and kept as that text."""
