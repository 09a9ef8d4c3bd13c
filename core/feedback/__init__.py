"""Feedback: what people think of outputs."""
