"""Exports: a Markdown text as a document that one would send to a client: Word, PDF, a web page."""
