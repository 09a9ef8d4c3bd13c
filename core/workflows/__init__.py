"""Workflows: several skills in order, with a person's yes between the steps."""
