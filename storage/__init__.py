"""What is kept: tables, queries, the object store. Knows nothing of the product's rules."""
