"""The document says what is served, its examples work, and the page tries them."""

import os
import re
import shutil
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import async_playwright, expect

from bot.http.app import build_app
from bot.http.openapi import document
from bot.http.routing import PREFIX
from bot.http.table import ROUTES
from bot.inbox.intake import Intake
from tests.bot.http.conftest import Api, Caller

DOCUMENT = document(ROUTES)
UNDESCRIBED = {("GET", f"{PREFIX}/openapi.json"), ("POST", f"{PREFIX}/webhooks/telegram")}
CHROMIUM = shutil.which("chromium")


async def test_what_is_served_is_what_is_described(api: Api) -> None:
    app: web.Application = build_app(api.runtime, Intake(api.runtime))
    served = {
        (route.method, re.sub(r":[^}]*", "", route.resource.canonical))
        for route in app.router.routes()
        if route.resource is not None and route.resource.canonical.startswith(PREFIX)
    }
    described = {(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods}
    assert {it for it in served if it[0] != "HEAD"} == described | UNDESCRIBED
    answer = await api.client.get(f"{PREFIX}/openapi.json")
    assert await answer.json() == DOCUMENT


def test_every_reference_leads_somewhere_and_every_name_is_one() -> None:
    operations = [one for methods in DOCUMENT["paths"].values() for one in methods.values()]
    names = [one["operationId"] for one in operations]
    assert len(names) == len(set(names))
    assert all(one["summary"].endswith(".") for one in operations)
    for name in re.findall(r'"#/components/schemas/([^"]+)"', str(DOCUMENT).replace("'", '"')):
        assert name in DOCUMENT["components"]["schemas"]


EXAMPLES = [
    pytest.param(route.method, route.path, example, route.status, id=f"{route.name}-{number}")
    for route in ROUTES
    if route.body is not None and not route.path_parameters
    for number, example in enumerate(DOCUMENT["components"]["schemas"][route.body.__name__].get("examples", []))
]


@pytest.mark.parametrize(("method", "path", "example", "status"), EXAMPLES)
async def test_every_example_works(maya: Caller, method: str, path: str, example: Any, status: int) -> None:
    await maya.post("/clients", {"name": "Yaz Automate"})
    await maya.json(method, path, status=status, json=example)


@pytest.mark.skipif(CHROMIUM is None and os.environ.get("CI") != "true", reason="there is no chromium here")
async def test_the_page_tries_a_route_with_nothing_from_elsewhere(api: Api, maya: Caller) -> None:
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        page = await browser.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda it: complaints.append(it.url) if str(api.client.port) not in it.url else None)
        await page.goto(str(api.client.make_url("/docs")))
        await page.get_by_label("API key").fill(maya.key)
        await expect(page.locator("details")).to_have_count(len(ROUTES))
        card = page.locator("details", has_text="Find out which skill")
        await card.locator("summary").click()
        await card.get_by_role("button", name="Send").click()
        await expect(card.locator("output strong")).to_have_text("200 OK")
        await expect(card.locator("output pre")).to_contain_text('"skill": "copywriting"')
        await expect(card.locator(".curl")).to_contain_text("Bearer $KEY")
        await browser.close()
    assert [it for it in complaints if not it.startswith("data:")] == []
