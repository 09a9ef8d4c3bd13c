"""Rules that prompts read: their texts, their versions, and how what was learned meets what is shipped."""
