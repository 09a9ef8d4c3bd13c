"""What runs in the worker: thin shells that call core."""
