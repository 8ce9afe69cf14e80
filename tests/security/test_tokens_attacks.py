"""No forged, stretched or confusing token names a user, and none raises anything but the one refusal."""

import traceback
from collections.abc import Callable, Iterator

import pytest
from tests.security.attacks_claims import disguises, parties, people, times
from tests.security.attacks_keys import confusions, signatures, strangers
from tests.security.attacks_text import algorithms, headers, json_faults, kids, padded_to, shapes, spellings
from tests.security.forge import MINTS, USER, Attack, Mint

from application.ports import TokenVerifier, Unauthenticated

TABLES = (
    *(shapes, spellings, json_faults, headers, kids, algorithms),
    *(confusions, strangers, signatures),
    *(times, people, parties, disguises),
)


async def outcome(verifier: TokenVerifier, token: str) -> str:
    """The word "refused", or what else happened."""
    try:
        return f"accepted as {await verifier.verify(token)}"
    except Unauthenticated as refusal:
        told = "".join(traceback.format_exception(refusal))
        quoted = [part for part in token.split(".") if len(part) > 8 and part in told]
        return "quoted" if quoted or len(refusal.message) > 80 or refusal.code != "unauthenticated" else "refused"
    except Exception as fault:
        return repr(fault)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
@pytest.mark.parametrize("alg", MINTS)
async def test_every_attack_is_refused_and_no_refusal_quotes_the_token(
    alg: str, table: Callable[[Mint], Iterator[Attack]]
) -> None:
    mint = MINTS[alg]
    outcomes = {name: await outcome(mint.verifier(), token) for name, token in table(mint)}
    assert {name: what for name, what in outcomes.items() if what != "refused"} == {}


@pytest.mark.parametrize("alg", MINTS)
def test_the_tables_hold_at_least_300_attacks_on_each_algorithm(alg: str) -> None:
    tokens = {token for table in TABLES for _, token in table(MINTS[alg])}
    assert len(tokens) >= 300


@pytest.mark.parametrize("alg", MINTS)
async def test_the_good_token_beside_the_attacks_passes(alg: str) -> None:
    mint = MINTS[alg]
    assert await mint.verifier().verify(mint.token()) == USER
    assert await mint.verifier().verify(padded_to(mint, 8192)) == USER
