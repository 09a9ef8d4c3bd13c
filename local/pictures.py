"""`python -m local.pictures`: the pictures of the README, taken of a real conversation in a real browser.

Needs a running `make run` without earlier conversations (`make reset`), and Chromium. Writes PNG files to
docs/images/.
"""

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

FOLDER = Path(__file__).parents[1] / "docs" / "images"
REQUEST = "Write homepage copy for Yaz Automate"
CAMPAIGN = "Run a full email campaign for Yaz Automate: whoever downloads the guide should book a fit call"
COMPLAINTS = {
    "homepage copy": "Too long: one section repeats another",
    "a pricing page": "Too wordy, every sentence repeats a point made before",
    "an about page": "Too long again, sections should end once the point is made",
}
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
Scheme = Literal["light", "dark"]


def main() -> int:
    """Take the pictures; 0, or 2 when nothing runs here."""
    parser = argparse.ArgumentParser(prog="python -m local.pictures")
    parser.add_argument("--url", help="the chat page; by default that of the running stack")
    url = parser.parse_args().url or _running()
    if url is None:
        print("Nothing runs here: start `make run` first, or give --url.", file=sys.stderr)
        return 2
    asyncio.run(_take(url, _key()))
    return 0


def _running() -> str | None:
    try:
        urls: dict[str, str] = json.loads(Path(".local/urls.json").read_text())
    except (OSError, ValueError):
        return None
    return urls.get("chat")


def _key() -> str:
    """A new API key of an admin, for what runs here."""
    command = [sys.executable, "-m", "local", "--key"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


async def _take(url: str, key: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(_FLAGS))
        page = await _open(browser, url, "light", phone=True)
        await _converse(page)
        await page.screenshot(path=FOLDER / "chat-phone.png", animations="disabled")
        await page.get_by_role("button", name="Show all").last.click()
        await expect(page.get_by_role("button", name="Show less").last).to_be_visible()
        await page.screenshot(path=FOLDER / "chat-phone-whole.png")
        for scheme in ("light", "dark"):
            desktop = await _open(browser, url, scheme, phone=False)
            await expect(desktop.locator(".bubble", has_text="noted").last).to_be_visible()
            await desktop.screenshot(path=FOLDER / f"chat-desktop-{scheme}.png")
        await _walk(page)
        await _learn(page, key)
        await browser.close()


async def _open(browser: Browser, url: str, scheme: Scheme, *, phone: bool) -> Page:
    context = await browser.new_context(
        viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 800},
        device_scale_factor=2 if phone else 1,
        is_mobile=phone,
        has_touch=phone,
        color_scheme=scheme,
    )
    page = await context.new_page()
    page.set_default_timeout(60_000)
    await page.goto(url)
    return page


async def _converse(page: Page) -> None:
    """The conversation of the README: asked, written, rated, said why."""
    await _send(page, "/start")
    await expect(page.get_by_role("button", name="My clients").last).to_be_visible()
    await _send(page, REQUEST)
    await expect(page.locator(".bubble", has_text="is ready!").last).to_be_visible(timeout=120_000)
    await page.get_by_role("button", name="4", exact=True).last.click()
    await _reply(page, page.locator(".row.theirs", has_text="What worked well?").last, "The structure is clear")
    await expect(page.locator(".bubble", has_text="noted").last).to_be_visible()
    await expect(page.locator(".toast")).to_have_count(0)


async def _walk(page: Page) -> None:
    """A campaign: its first gate, and its end."""
    await _send(page, CAMPAIGN)
    await page.get_by_role("button", name="Do all of it").last.click()
    for title in ("Write the emails", "Edit to print", "Make it measurable"):
        gate = page.locator(".bubble", has_text="your turn").last
        await expect(gate).to_contain_text(f"⏸ {title}", timeout=120_000)
        if title == "Edit to print":
            await page.screenshot(path=FOLDER / "workflow-gate.png")
        await page.get_by_role("button", name="✓ Approve").last.click()
    await expect(page.locator(".bubble", has_text="is complete!").last).to_be_visible(timeout=120_000)
    await page.screenshot(path=FOLDER / "workflow-done.png")


async def _learn(page: Page, key: str) -> None:
    """Learning: three complaints, the rule that they lead to and how its test went, and the desk of an admin."""
    await _send(page, f"/link {key}")
    await expect(page.locator(".bubble", has_text="Linked.").last).to_be_visible()
    question = page.locator(".row.theirs", has_text="What should be better?")
    for wanted, complaint in COMPLAINTS.items():
        asked = await question.count()
        await _rate(page, wanted, "2")
        await expect(question).to_have_count(asked + 1)
        await _reply(page, question.last, complaint)
        await page.get_by_role("button", name="Medium", exact=True).last.click()
    card = page.locator(".row", has_text="New rule · Copywriting").last
    await card.get_by_role("button", name="Test it").click(timeout=180_000)
    await expect(card).to_contain_text("Tested blind on", timeout=60_000)
    await expect(page.locator(".toast")).to_have_count(0)
    await page.screenshot(path=FOLDER / "proposal.png", animations="disabled")
    await card.get_by_role("button", name="Approve").click()
    await expect(card).to_contain_text("Approved by")
    for score, wanted in zip(("4", "5", "5"), COMPLAINTS, strict=True):
        await _rate(page, wanted, score)
        await page.get_by_role("button", name="Skip", exact=True).last.click()
    await _send(page, "/admin")
    desk = page.locator(".row.theirs:not(.typing)").last
    await expect(desk).to_contain_text("Nothing waits for your decision.")
    for label in ("Skills", "Copywriting"):
        await desk.get_by_role("button", name=label).click()
    await expect(desk).to_contain_text("Rules: v2")
    await expect(page.locator(".toast")).to_have_count(0)
    await page.screenshot(path=FOLDER / "admin.png", animations="disabled")


async def _rate(page: Page, wanted: str, score: str) -> None:
    """Have a piece written, and rate it with one tap."""
    ready = page.locator(".row.theirs", has_text="is ready!")
    written = await ready.count()
    await _send(page, f"/copywriting {wanted} for Yaz Automate")
    await expect(ready).to_have_count(written + 1, timeout=120_000)
    await ready.last.get_by_role("button", name=score, exact=True).click()


async def _reply(page: Page, row: Locator, text: str) -> None:
    """Answer a message as a reply; on a phone the button for that is out of sight."""
    await row.get_by_role("button", name="Reply", exact=True, include_hidden=True).dispatch_event("click")
    await _send(page, text)


async def _send(page: Page, text: str) -> None:
    await page.get_by_role("textbox", name="Message").fill(text)
    await page.get_by_role("button", name="Send", exact=True).click()


if __name__ == "__main__":
    sys.exit(main())
