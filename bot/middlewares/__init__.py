"""What surrounds every handler: who is speaking, and what an error looks like."""
