"""The page in a real Chromium: the scenarios of `web/tests`, each against a real process."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
IS_REQUIRED = os.environ.get("CI") == "true"


def missing() -> str:
    """What the scenarios need and this machine does not have; empty when all is there."""
    if not shutil.which("npm"):
        return "no npm: the page can't be built here"
    if not (WEB / "node_modules" / ".bin" / "playwright").exists():
        return "web/node_modules is not installed: `python3 make.py test` does that"
    if not Path(CHROMIUM).exists():
        return f"no Chromium at {CHROMIUM} (set CHROMIUM to one)"
    return ""


def test_people_can_use_the_page_in_a_browser() -> None:
    if why := missing():
        (pytest.fail if IS_REQUIRED else pytest.skip)(f"The page was not tried in a browser: {why}.")
    npm = shutil.which("npm") or "npm"
    environment = {**os.environ, "PYTHON": sys.executable, "CHROMIUM": CHROMIUM}
    ended = subprocess.run(
        [npm, "test", "--silent"], cwd=WEB, env=environment, capture_output=True, check=False, text=True, timeout=600
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
