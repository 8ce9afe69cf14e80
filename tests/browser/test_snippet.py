"""What the README shows to a front end with ChatKit fits the official package's types."""

import re
import shutil
import subprocess

import pytest

from tests.browser.test_page import IS_REQUIRED, WEB

README = (WEB.parent / "README.md").read_text()
STRICT = [
    "--ignoreConfig",
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--jsx",
    "react-jsx",
    "--module",
    "esnext",
    "--target",
    "es2023",
]


def faults(snippet: str) -> str:
    """What the compiler has against a snippet that stands where the page's packages are found."""
    folder = WEB / "node_modules" / ".readme"
    folder.mkdir(exist_ok=True)
    (folder / "Munshi.tsx").write_text(snippet)
    command = [str(WEB / "node_modules" / ".bin" / "tsc"), *STRICT, "--moduleResolution", "bundler", "Munshi.tsx"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False, text=True, timeout=120).stdout


def test_the_chatkit_snippet_compiles_and_a_wrong_one_does_not() -> None:
    if not shutil.which("node") or not (WEB / "node_modules" / "@openai" / "chatkit-react").exists():
        reason = "web/node_modules is not installed: `python3 make.py test` does that"
        (pytest.fail if IS_REQUIRED else pytest.skip)(f"The README's snippet was not compiled: {reason}.")
    (snippet,) = re.findall(r"```tsx\n(.*?)```", README, re.DOTALL)
    assert faults(snippet) == ""
    assert "'domainKee' does not exist" in faults(snippet.replace("domainKey:", "domainKee:"))
