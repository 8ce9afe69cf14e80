"""schemathesis over the running service: every phase, with good tokens, with none, with broken and with foreign ones.

    PYTHONPATH=src python -m bench.fuzz_schema [--cases 10000] [--seed 1]

Prints how many cases of each operation got which status, and fails when an answer is not as /schema says, when what
the schema forbids is taken, or when what it allows is refused without a reason that a schema can't tell.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from tests.e2e.process import Service, serving

ROOT = Path(__file__).parent.parent
USER, OTHER = "schema-ali", "schema-sara"
PHASES = "examples,coverage,fuzzing,stateful"
TOLD = "FUZZ_TOKENS"  # tells the check below, in schemathesis's process, whose tokens are sent
CONFIG = f"""
continue-on-failure = true
[parameters]
"path.user_id" = "{USER}"
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "422", "429"]
"""
# What is a date, a rule, a zone, a cursor, or enough to change a task is a matter of words, not of a schema.
WORDS = {"due", "repeat", "due_before", "due_after", "timezone", "cursor", "fields"}
LONGEST = {"title": 255, "message": 4000, "description": 4000, "tags": 50}
QUIET = {"RATE_LIMIT": "1000000/minute", "LOG_LEVEL": "error"}


@schemathesis.check
def refuses_for_a_reason(_: Any, response: Any, case: Any) -> None:
    """What the schema allows is refused only for its words, or because nothing is left of them, or too much."""
    tokens = os.environ.get(TOLD, "good")
    if tokens != "good":
        # At /mcp the token alone says whose tasks these are: nobody's is foreign there.
        guarded = ("/api/{user_id}",) if tokens == "foreign" else ("/api/{user_id}", "/mcp")
        harmless = (401, 403, 405) if response.request.method != "OPTIONS" else (401, 403, 204)
        strange = response.status_code not in harmless and case.path.startswith(guarded)
        assert not strange, f"a stranger got {response.status_code}"
        return
    if response.status_code != 422 or case.meta is None or case.meta.generation.mode.value != "positive":
        return
    if case.path.endswith("/chatkit"):
        return  # what each kind of request has in its `params` is told by the package's types
    for error in response.json().get("errors", ()):
        name = error["field"].split(".")[0].split("[")[0]
        given = case.body.get(name) if isinstance(case.body, dict) else None
        texts = [item for item in (given if isinstance(given, list) else [given]) if isinstance(item, str)]
        odd = any(is_blank(text) or len(text) > LONGEST.get(name, 0) for text in texts) or len(texts) > 20
        assert name in WORDS or odd, f"{error['field']} was refused: {error['message']}"


def is_blank(text: str) -> bool:
    """Whether nothing of it can be seen."""
    return not any(character.isprintable() and not character.isspace() for character in text.removeprefix("#"))


@dataclass
class Found:
    """What one or more runs came to."""

    counts: Counter[tuple[str, int]] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        """Requests that were answered."""
        return self.counts.total()

    def add(self, other: "Found") -> None:
        """Count another run in."""
        self.counts += other.counts
        self.failures += other.failures

    def table(self) -> str:
        """Operation by operation, the statuses."""
        rows = {operation for operation, _ in self.counts}
        lines = []
        for row in sorted(rows, key=lambda operation: operation.split()[::-1]):
            statuses = {status: count for (operation, status), count in self.counts.items() if operation == row}
            told = "  ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
            lines.append(f"{row:60} {sum(statuses.values()):6}   {told}")
        return "\n".join(lines)


def fuzz(service: Service, examples: int, seed: int, tokens: str = "good", phases: str = PHASES) -> Found:
    """One run: `tokens` are good, none, broken or foreign ones."""
    # The first of these imports the package: on a busy machine longer than a request is waited for.
    service.client(USER).post("chatkit", {"type": "threads.list", "params": {}})
    with tempfile.TemporaryDirectory() as folder:
        config, report = Path(folder, "schemathesis.toml"), Path(folder, "report.ndjson")
        config.write_text(CONFIG)
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
        command += [f"{service.address}/schema", "--phases", phases, "--max-examples", str(examples)]
        command += ["--seed", str(seed), "--max-failures", "200", "--report", "ndjson"]
        command += ["--report-ndjson-path", str(report), *headers(service, tokens)]
        if tokens != "good":
            command += ["--exclude-checks", "positive_data_acceptance,missing_required_header"]
        environment = os.environ | {"SCHEMATHESIS_HOOKS": "bench.fuzz_schema", TOLD: tokens}
        environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
        ended = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
        counts = counted(report) if report.exists() else Counter()
    return Found(
        counts, [] if ended.returncode == 0 else [f"[{tokens}] {ended.stdout[-20_000:]}{ended.stderr[-4000:]}"]
    )


def headers(service: Service, tokens: str) -> list[str]:
    """The Authorization of a kind of caller."""
    if tokens == "none":
        return []
    bearer = service.client(OTHER if tokens == "foreign" else USER).http.headers["authorization"]
    return ["-H", f"Authorization: {bearer[:-4] + 'AAAA' if tokens == 'broken' else bearer}"]


def counted(report: Path) -> Counter[tuple[str, int]]:
    """How many answers of each operation had which status."""
    counts: Counter[tuple[str, int]] = Counter()
    for line in report.read_text().splitlines():
        recorded = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for number, interaction in recorded.get("interactions", {}).items():
            case = recorded["cases"][number]["value"]
            if answer := interaction.get("response"):
                counts[f"{case['method']} {case['path']}", answer["status_code"]] += 1
    return counts


def main() -> int:
    """The long run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    asked = parser.parse_args()
    print(f"seed {asked.seed}")
    whole = Found()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), **QUIET) as service:
        for tokens in ("none", "broken", "foreign"):
            whole.add(fuzz(service, 20, asked.seed, tokens))
        for turn in range(20):
            if whole.cases >= asked.cases or whole.failures:
                break
            whole.add(fuzz(service, 150, asked.seed + turn))
    print(whole.table())
    print(f"{whole.cases} cases, {len(whole.failures)} failed runs")
    print("\n".join(whole.failures))
    return 1 if whole.failures or whole.cases < asked.cases else 0


if __name__ == "__main__":
    sys.exit(main())
