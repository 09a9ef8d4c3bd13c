"""Webhooks: telling other programs that a run has ended, and hearing from workers without the bot's token."""
