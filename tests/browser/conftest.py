"""A real VoiceLab (`manage.py up`: Redis, web server, worker) with the demo, and a real browser."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of a VoiceLab of this test run's own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tempfile.mkdtemp(prefix="voicelab-browser-")
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")},
        "VOICELAB_VAR": folder,
        "VOICELAB_PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "voicelab.settings",
    }
    with open(Path(folder) / "up.log", "wb") as log:
        up = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
    where = f"http://127.0.0.1:{port}"
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{where}/healthz/", timeout=2)
            break
        except OSError:
            assert up.poll() is None, (Path(folder) / "up.log").read_text()
            time.sleep(0.5)
    yield where
    up.send_signal(signal.SIGINT)
    up.wait(timeout=30)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "The browser tests need chromium; `make test` installs it where Debian's apt-get is."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page that fails its test on any error in the console or any request to another host."""
    context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda sent: troubles.append(sent.url) if not sent.url.startswith((address, "data:")) else None)
    page.set_default_timeout(15_000)
    yield page
    context.close()
    assert not troubles


def sign_in(page: Page, who: str) -> None:
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.get_by_label("E-mail address").fill(f"{who}@voicelab.example")
    page.get_by_label("Password").fill("pear-tree-lamp")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
