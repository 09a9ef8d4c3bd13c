"""Handlers: parse, ask one service, render."""
