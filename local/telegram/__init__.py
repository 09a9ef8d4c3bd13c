"""A Bot API server of our own with a chat page: what `python -m local.telegram` starts.

It stands where api.telegram.org stands, on this machine only. Three faces, one world:

- `/bot<token>/<method>` for the bot, as https://core.telegram.org/bots/api describes it;
- `/` and `/_people/…` for the people who chat with the bot: the page, `python -m local.chat`, the tests;
- `/_admin/…` for tests: faults, limits, and a record of every call the bot made.
"""
