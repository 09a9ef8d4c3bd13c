"""Benchmarks: each a ratio to a floor that the same script measures in the same minute."""
