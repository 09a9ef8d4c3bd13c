"""Outputs: what a run made, kept, described and judged before a person sees it."""
