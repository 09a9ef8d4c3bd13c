"""Who may use the product: users, their links to channels, keys and invites."""
