"""The sample: a plausible document from the facts in the prompt, when no script says what to answer."""

from local.claude.sample.writer import searches_for, write_sample

__all__ = ["searches_for", "write_sample"]
