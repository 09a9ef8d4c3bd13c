"""Runs: planned, started, executed under a lease, swept up after crashes, shown where they were asked for."""
