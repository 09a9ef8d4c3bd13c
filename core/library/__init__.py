"""The content shipped with the product, and how it reaches the bucket and the tables."""
