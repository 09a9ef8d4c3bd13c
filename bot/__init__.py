"""The channels people speak through: Telegram, and the thin HTTP surface beside its webhook."""
