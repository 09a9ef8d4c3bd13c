"""The agent of a worker: each task takes the shortest road that its tools allow."""
