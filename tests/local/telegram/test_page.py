"""The chat page in a real browser, with a real bot behind it."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiogram import Bot
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from local.telegram.client import Admin, Person, Telegram
from tests.local.telegram.sample_bot import running

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE, DESKTOP = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=800)

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and os.environ.get("CI") != "true", reason="there is no chromium here"
)


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


async def opened(browser: Browser, url: str, *, phone: bool = False) -> tuple[Page, list[str]]:
    """Open the page; give it and the list in which its complaints gather."""
    context = await browser.new_context(viewport=PHONE if phone else DESKTOP, is_mobile=phone, has_touch=phone)
    context.set_default_timeout(10_000)
    page, complaints = await context.new_page(), list[str]()
    page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(url)
    return page, complaints


async def test_a_person_gets_copy_reads_it_all_and_rates_it(
    browser: Browser, bot: Bot, url: str, maya: Person, tmp_path: Path
) -> None:
    async with running(bot):
        page, complaints = await opened(browser, url)
        await page.get_by_role("button", name="Write homepage copy for Yaz Automate").click()
        await expect(page.locator(".bubble", has_text="is ready!")).to_be_visible()
        await expect(page.get_by_role("button", name="edited")).to_be_visible()

        await page.get_by_role("button", name="Show all").click()
        await expect(page.get_by_role("heading", name="What changes on Monday")).to_be_visible()
        await expect(page.get_by_role("cell", name="5.6 h")).to_be_visible()
        await expect(page.get_by_role("link", name="https://yaz.example/proof")).to_be_visible()

        await page.get_by_role("button", name="4", exact=True).click()
        await expect(page.locator(".toast", has_text="Rated 4")).to_be_visible()
        await page.get_by_role("button", name="✓ 4").wait_for()
        await page.locator(".bubble", has_text="What worked well?").hover()
        await (
            page.locator(".row", has_text="What worked well?")
            .get_by_role("button", name="Reply", exact=True)
            .click()
        )
        await page.get_by_role("textbox", name="Message").fill("The headline")
        await page.keyboard.press("Enter")
        await expect(page.locator(".mine .quoted", has_text="What worked well?")).to_be_visible()
        replied = await maya.messages()
        assert [m.reply_to is not None for m in replied if m.text == "The headline"] == [True]

        await page.get_by_role("button", name="/download_7f3a").last.click()
        async with page.expect_download() as download:
            await page.get_by_role("link", name="yaz-automate-homepage.md").click()
        await (await download.value).save_as(tmp_path / "copy.md")
        assert (tmp_path / "copy.md").read_text().startswith("# Yaz Automate")

        await page.get_by_role("button", name="Skip", exact=True).click()
        await expect(page.get_by_role("dialog")).to_contain_text("older message")
        await page.get_by_role("button", name="OK", exact=True).click()
        assert complaints == []
        await page.context.close()


async def test_commands_complete_and_files_travel(browser: Browser, bot: Bot, url: str, maya: Person) -> None:
    async with running(bot):
        page, complaints = await opened(browser, url, phone=True)
        field = page.get_by_role("textbox", name="Message")
        await field.press_sequentially("/s")
        await expect(page.get_by_role("option")).to_have_count(3)
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Tab")
        await expect(field).to_have_value("/skills ")
        await field.fill("")
        await page.locator("input[type=file]").set_input_files(
            {"name": "brief.txt", "mimeType": "text/plain", "buffer": b"quiet"}
        )
        await field.fill("Write from this")
        await page.get_by_role("button", name="Send", exact=True).click()
        await expect(page.get_by_role("link", name="shouted.txt")).to_be_visible()
        assert await maya.download(await maya.last()) == b"QUIET"
        assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert complaints == []
        await page.context.close()


async def test_the_reader_keeps_the_place_and_is_told_what_came(
    browser: Browser, bot: Bot, url: str, admin: Admin, chat: int
) -> None:
    await admin.limits(private_burst=100)
    for number in range(40):
        await bot.send_message(chat, f"Line number {number}.", disable_notification=True)
        if number == 20:
            moving = await bot.send_message(chat, "Writing…")
    page, complaints = await opened(browser, url, phone=True)
    await expect(page.locator(".bubble", has_text="Line number 39.")).to_be_in_viewport()
    await page.locator("#scroller").evaluate("node => { node.scrollTop = 300 }")
    jump = page.get_by_role("button", name="Go to the newest message")
    await expect(jump).to_be_visible()
    await moving.edit_text("Ready, and much longer than before. " * 20)
    await bot.send_message(chat, "Something new")
    await expect(jump.locator(".badge")).to_have_text("1")
    assert await page.locator("#scroller").evaluate("node => node.scrollTop") == 300
    await jump.click()
    await expect(page.locator(".bubble", has_text="Something new")).to_be_in_viewport()
    await expect(jump).to_be_hidden()
    assert complaints == []
    await page.context.close()


async def test_people_and_chats_are_switched_and_unread_is_counted(
    browser: Browser, url: str, telegram: Telegram, maya: Person
) -> None:
    group = await telegram.group()
    page, complaints = await opened(browser, url)
    await page.get_by_text("Say hello").wait_for()
    await (await telegram.person("sam")).within(group, "Ideas").send("<img src=x onerror=alert(1)> **hi**")
    await expect(page.locator(".topic-entry", has_text="Ideas").get_by_label("1 unread")).to_be_visible()
    await page.locator(".topic-entry", has_text="Ideas").click()
    await expect(page.locator(".bubble", has_text="<img src=x onerror=alert(1)> **hi**")).to_be_visible()
    await expect(page.get_by_label("1 unread")).to_have_count(0)
    await page.locator(".person", has_text="Sam").click()
    await expect(page.locator(".row.mine", has_text="onerror")).to_be_visible()
    await page.get_by_role("textbox", name="Message").fill("As Sam")
    await page.keyboard.press("Enter")
    answer = await maya.within(group).wait_for_event(
        lambda e: e["type"] == "message" and e["message"]["plain"] == "As Sam"
    )
    assert answer["message"]["from"]["first_name"] == "Sam"
    assert complaints == []
    await page.context.close()
