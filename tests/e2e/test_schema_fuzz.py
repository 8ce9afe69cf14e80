"""Every answer is as /schema says, whoever asks and whatever is asked; `bench/fuzz_schema.py` asks far longer."""

import pytest
from bench.fuzz_schema import PHASES, fuzz

from tests.e2e.process import Service

SEED = 20260206


@pytest.mark.parametrize(("tokens", "phases"), [("good", PHASES), ("foreign", "coverage")])
def test_every_answer_is_as_the_schema_says(service: Service, tokens: str, phases: str) -> None:
    found = fuzz(service, examples=2, seed=SEED, tokens=tokens, phases=phases)
    assert not found.failures, "\n".join(found.failures)
    assert found.cases > 300
