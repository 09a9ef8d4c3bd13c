"""Views: what a message says and which buttons it has. Pure."""
