"""A headless browser page that is logged in, and that counts every console error as a failure."""

import contextlib
import os
import shutil
import urllib.parse

HEIGHTS = {360: 740}
TIMEOUT_MS = 120_000  # the first page of a new database builds its assets; a busy machine takes its time
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class ConsoleError(AssertionError):
    """The page wrote errors to the browser's console."""


def chromium_path() -> str:
    named = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not named:
        raise RuntimeError("No Chromium found: install it or set CHROMIUM to its path.")
    return named


@contextlib.contextmanager
def logged_in_page(server, width: int, login: str, password: str):
    """Yield a Playwright page at ``/odoo``; ``page.console_errors`` collects, and a test may clear it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        try:
            page = browser.new_page(viewport={"width": width, "height": HEIGHTS.get(width, 900)})
            page.set_default_timeout(TIMEOUT_MS)
            page.console_errors = []
            page.on("console", lambda message: _note(page, message))
            page.on("pageerror", lambda error: page.console_errors.append(str(error)))
            _log_in(page, server, login, password)
            yield page
            if page.console_errors:
                raise ConsoleError("\n".join(page.console_errors))
        finally:
            browser.close()


def _note(page, message) -> None:
    if message.type == "error":
        page.console_errors.append(f"{message.text} ({message.location.get('url', '')})")


def _log_in(page, server, login: str, password: str) -> None:
    page.goto(f"{server.url}/web/login?{urllib.parse.urlencode({'redirect': '/odoo'})}")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
    page.wait_for_selector(".o_main_navbar, .o_portal, #wrapwrap, .o_mobile_menu_toggle")
