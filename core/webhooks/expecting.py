"""What will be told when a run ends, kept in the transaction that starts it."""

import uuid_utils.compat as uuid

from storage.models import Run, WebhookDelivery
from storage.webhooks import WebhookRepository


async def expect_webhooks(webhooks: WebhookRepository, run: Run, own: str | None = None) -> None:
    """Keep a message for the address that the run came with, and one for the user's own if that is another."""
    urls = {url for url in (run.callback_url, own) if url}
    await webhooks.add(
        [
            WebhookDelivery(user_id=run.user_id, run_id=run.id, event_id=f"evt_{uuid.uuid7().hex}", url=url)
            for url in sorted(urls)
        ]
    )
