"""What `make run` starts: servers, stand-ins and the product, as a list of parts and a supervisor that keeps it.

`plan` says what there is, `parts` how one of them is kept alive, `supervisor` in which order they start and stop.
"""
