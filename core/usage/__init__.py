"""Money: what runs have cost, what they may cost in a month, and what the next one is expected to cost."""
