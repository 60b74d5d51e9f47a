"""A Chromium for the browser journeys: `python -m dev.browser` installs one where there is none."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Playwright, sync_playwright

NO_BROWSER = (
    "No browser: the journeys need Playwright's Chromium (`playwright install chromium`) or a `chromium` program "
    "(on Debian `apt-get install chromium`); neither is here."
)
QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def system_chromium() -> str | None:
    """A Chromium of the system: Debian's package installs it as /usr/bin/chromium."""
    return shutil.which("chromium") or shutil.which("chromium", path="/usr/bin")


def launch_options(playwright: Playwright) -> dict[str, object]:
    """Options for `chromium.launch`; LookupError without any browser."""
    root = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses root
    options: dict[str, object] = {"args": [*root, *QUIET, "--no-first-run"]}
    if os.path.exists(playwright.chromium.executable_path):
        return options
    if (program := system_chromium()) is None:
        raise LookupError(NO_BROWSER)
    return {**options, "executable_path": program}


def present() -> bool:
    with sync_playwright() as playwright:
        return bool(system_chromium()) or os.path.exists(playwright.chromium.executable_path)


def install() -> None:
    """Playwright's own where it can be downloaded, else Debian's package."""
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, timeout=300)
    if present() or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    subprocess.run(["apt-get", "update", "-qq"], check=False)  # noqa: S607
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=False)  # noqa: S607


def main() -> None:
    if system_chromium() or present():
        return
    install()
    if not present():
        print(NO_BROWSER, "The browser's tests will fail.", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
