"""One machine without accounts: embedded servers, and the stand-ins for Telegram and Claude."""
