"""What the README shows works as it is pasted."""

import re
import subprocess
import sys
from pathlib import Path

from tests.e2e.process import environment, serving

README = (Path(__file__).parents[2] / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_curl_example_works_as_pasted(tmp_path: Path) -> None:
    munshi = f"{sys.executable} -m entrypoints.cli"
    with serving(tmp_path) as service:
        pasted = blocks("sh")[1].replace("http://127.0.0.1:8000", service.address).replace(".venv/bin/munshi", munshi)
        ended = subprocess.run(
            ["bash", "-euc", pasted], env=environment(tmp_path, {}), capture_output=True, text=True, check=True
        )
    assert "'doctor ke paas jana' task add ho gaya, kal subah 9 baje." in ended.stdout
    assert "Theek hai, 'doctor ke paas jana' task delete ho gaya." in ended.stdout


def test_the_script_runs_without_a_server(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", blocks("python")[0]],
        env=environment(tmp_path, {}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.splitlines()[0] == "Theek hai, 'doodh lana' task add ho gaya."
    assert "mukammal ho gaya" in ended.stdout.splitlines()[-1]
