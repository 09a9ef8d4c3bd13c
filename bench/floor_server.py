"""`python -m bench.floor_server PORT USER`: a list of runs by bare aiohttp and raw asyncpg, nothing of ours."""

import asyncio
import json
import os
import sys

import asyncpg
import uvloop
from aiohttp import web

_QUERY = """
    SELECT r.id, r.status, s.name AS skill, c.slug AS client, r.client_id, r.output_type, r.source, r.user_message,
           r.parent_output_id, r.error_code, r.model, r.tokens_used, r.cost_usd, r.queued_at, r.started_at,
           r.completed_at
    FROM runs r JOIN skills s ON s.id = r.skill_id LEFT JOIN clients c ON c.id = r.client_id
    WHERE r.user_id = $1 ORDER BY r.id DESC LIMIT 21
"""


async def serve(port: int, user: str) -> None:
    """Serve until killed."""
    settings = {"app.system": "on"}  # for the policies, said once for each connection
    pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=1, server_settings=settings)

    async def runs(_: web.Request) -> web.Response:
        async with pool.acquire() as connection:
            rows = await connection.fetch(_QUERY, user)
        body = json.dumps({"data": [dict(row) for row in rows[:20]]}, default=str)
        return web.Response(text=body, content_type="application/json")

    app = web.Application()
    app.router.add_get("/", runs)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), sys.argv[2]))
