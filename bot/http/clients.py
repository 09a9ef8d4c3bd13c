"""Clients."""

from decimal import Decimal

from bot.http.call import Call
from bot.http.errors import ConfirmationMissingError
from bot.http.routing import PREFIX, Routes
from bot.http.schemas.clients import ClientCreate, ClientPatch, ClientQuery, ClientView, DeleteQuery
from bot.http.schemas.common import PageOf, Reference
from core.clients.files import delete_client
from core.errors import ConflictError

routes = Routes("Clients")


@routes.add("GET", "/clients", "read")
async def list_clients(call: Call, query: ClientQuery) -> PageOf[ClientView]:
    """List your clients, newest first."""
    async with call.runtime.unit(call.user_id) as unit:
        page = await unit.clients.page(call.user_id, after=call.after(query), limit=query.limit)
    return call.page([ClientView.model_validate(it) for it in page.items], page.next_after)


@routes.add("POST", "/clients", "run", status=201, creates=True, errors=[ConflictError])
async def create_client(call: Call, body: ClientCreate) -> ClientView:
    """Make a client. Its profile is empty until you put files."""
    async with call.runtime.unit(call.user_id) as unit:
        client = await unit.clients.create(
            call.user_id,
            body.name,
            slug=body.slug,
            aliases=body.aliases,
            monthly_budget_usd=_dollars(body.monthly_budget_usd),
        )
    call.headers["Location"] = f"{PREFIX}/clients/{client.slug}"
    return ClientView.model_validate(client)


@routes.add("GET", "/clients/{slug}", "read")
async def get_client(call: Call, slug: Reference) -> ClientView:
    """Get a client by its slug or id."""
    async with call.runtime.unit(call.user_id) as unit:
        return ClientView.model_validate(await unit.clients.by_reference(call.user_id, slug))


@routes.add("PATCH", "/clients/{slug}", "run")
async def change_client(call: Call, slug: Reference, body: ClientPatch) -> ClientView:
    """Change a client. What is left out stays as it is."""
    changes = {
        name: _dollars(value) if name == "monthly_budget_usd" else value
        for name, value in body.model_dump(exclude_unset=True).items()
        if value is not None or name == "monthly_budget_usd"
    }
    async with call.runtime.unit(call.user_id) as unit:
        client = await unit.clients.by_reference(call.user_id, slug)
        await unit.clients.change(client, changes)
        return ClientView.model_validate(client)


@routes.add("DELETE", "/clients/{slug}", "run", status=204, errors=[ConfirmationMissingError])
async def remove_client(call: Call, slug: Reference, query: DeleteQuery) -> None:
    """Delete a client and all its files, for good.

    What is under way for it is stopped; outputs that were written for it stay.
    """
    async with call.runtime.unit(call.user_id) as unit:
        client = await unit.clients.by_reference(call.user_id, slug)
    if query.confirm != client.slug:
        raise ConfirmationMissingError(slug=client.slug)
    await delete_client(call.runtime, call.user_id, client.id)


def _dollars(written: str | None) -> Decimal | None:
    return None if written is None else Decimal(written)
