"""The words of each language, as Fluent files."""
