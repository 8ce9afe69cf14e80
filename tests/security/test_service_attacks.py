"""The attacks once more, byte for byte over a socket against the whole service: nobody gets in, nothing breaks."""

import json
from collections.abc import AsyncIterator
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.security.attacks_people import LOOKALIKES, other_places, spellings_of_another
from tests.security.forge import ISSUERS, MINTS, SECRET, USER, HandClock
from tests.security.issuer import Issuer, running_issuer
from tests.security.test_tokens_attacks import TABLES
from tests.security.wire import Wire, bearer, refusals, served

TASK = json.dumps({"title": "not theirs to add"}).encode()
TURN = json.dumps({"message": "doodh lana add karo"}).encode()
PING = b'{"jsonrpc":"2.0","id":1,"method":"ping"}'
DOORS: list[tuple[str, bytes | None]] = [
    (f"/api/{USER}/tasks", None),
    (f"/api/{USER}/tasks", TASK),
    (f"/api/{USER}/chat", TURN),
    (f"/api/{USER}/chat/stream", TURN),
    (f"/api/{USER}/chatkit", TURN),
    (f"/api/{USER}/undo", b""),
    ("/mcp", PING),
]
REFUSED = (401, "unauthenticated")
OTHERS = (403, "forbidden")
# HTTP takes white space off around a value, so these are the good token again.
HARMLESS = ("space before", "space after", "newline after", "CRLF after")


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with running_issuer() as running:
        yield running


@pytest.fixture(params=["HS256"])
async def wire(request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock, issuer: Issuer) -> AsyncIterator[Wire]:
    """The service, which accepts this algorithm's tokens alone."""
    key = {"JWKS_URL": issuer.url} if request.param in ISSUERS else {"JWT_SECRET_KEY": SECRET.decode()}
    issuer.publish(*(mint for alg, mint in ISSUERS.items() if alg == request.param))
    async with served(tmp_path, clock, **key) as running:
        yield running


async def has_nothing(wire: Wire, token: str) -> bool:
    """Whether the token opens its user's path, and nothing was put there."""
    tasks, talks = [await wire.send(f"/api/{USER}/{what}", bearer(token)) for what in ("tasks", "conversations")]
    return json.loads(tasks.body)["tasks"] == json.loads(talks.body)["conversations"] == []


@pytest.mark.parametrize(("alg", "wire"), [(alg, alg) for alg in MINTS], indirect=["wire"])
async def test_no_attack_on_a_token_opens_any_door(alg: str, wire: Wire) -> None:
    attacks = [attack for table in TABLES for attack in table(MINTS[alg]) if attack[0] not in HARMLESS]
    heard, quoted = [], []
    for (name, token), (door, body) in zip(attacks, cycle(DOORS), strict=False):
        answer = await wire.send(door, bearer(token), body=body)
        heard.append((f"{name} at {door}", answer))
        parts = [part.encode("utf-8", "replace") for part in token.split(".") if len(part) > 40]
        quoted += [name for part in parts if part in answer.body]
    assert refusals(heard, REFUSED, (400, "")) == {}
    assert quoted == []
    refused = [answer for _, answer in heard if answer.status == 401]
    assert len(refused) >= 300
    assert {answer.headers["www-authenticate"] for answer in refused} == {"Bearer"}
    assert await has_nothing(wire, MINTS[alg].token())


async def test_a_token_counts_in_its_one_place_alone(wire: Wire) -> None:
    token = MINTS["HS256"].token()
    heard = []
    for name, headers, query in other_places(token):
        for door, body in DOORS:
            heard.append((f"{name} at {door}", await wire.send(door + query, *headers, body=body)))
    form = f"access_token={token}&user_id={USER}".encode()
    heard.append(("in the body", await wire.send(f"/api/{USER}/chat", body=form)))
    assert refusals(heard, REFUSED, (400, "")) == {}
    assert await has_nothing(wire, token)


async def test_of_people_who_look_alike_each_opens_their_own_door_alone(wire: Wire) -> None:
    assert len(LOOKALIKES) == len(set(LOOKALIKES))
    tokens = {user: MINTS["HS256"].claiming(sub=user) for user in LOOKALIKES}
    opened = [
        (user, path)
        for user in LOOKALIKES
        for path in LOOKALIKES
        if (await wire.send(f"/api/{quote(path, safe='')}/tasks", bearer(tokens[user]))).status == 200
    ]
    assert opened == [(user, user) for user in LOOKALIKES]


async def test_no_spelling_of_a_path_reaches_another_user(wire: Wire) -> None:
    token = MINTS["HS256"].token()
    heard = [(path, await wire.send(f"/api/{path}/tasks", bearer(token))) for path in spellings_of_another()]
    assert refusals(heard, OTHERS, (404, "not_found"), (400, "")) == {}


@pytest.mark.parametrize("wire", ["EdDSA"], indirect=True)
async def test_a_flood_of_unknown_keys_makes_two_fetches_at_most(wire: Wire, issuer: Issuer) -> None:
    mint = MINTS["EdDSA"]
    heard = [(str(n), await wire.send(f"/api/{USER}/tasks", bearer(mint.headed(kid=f"k{n}")))) for n in range(500)]
    heard += [(f"{n}", await wire.send("/mcp", bearer(mint.headed(kid=f"m{n}")), body=PING)) for n in range(500)]
    assert refusals(heard, REFUSED) == {}
    assert len(issuer.requests) <= 2
    assert await has_nothing(wire, mint.token())


@pytest.mark.parametrize("wire", ["EdDSA"], indirect=True)
async def test_without_any_keys_tokens_wait_and_come_in_without_a_restart(
    wire: Wire, issuer: Issuer, clock: HandClock
) -> None:
    good = MINTS["EdDSA"].token()
    await issuer.stop()
    for door, body in DOORS:
        waiting = await wire.send(door, bearer(good), body=body)
        assert (waiting.status, waiting.code, waiting.headers["retry-after"]) == (503, "identity_unavailable", "10")
        assert waiting.headers["content-type"] == "application/problem+json"
        refused = await wire.send(door, bearer(MINTS["HS256"].token()), body=body)
        assert (refused.status, refused.code) == REFUSED
    await issuer.start()
    clock.pass_seconds(10)
    assert await has_nothing(wire, good)


async def test_the_schema_tells_that_identity_may_be_unavailable(wire: Wire) -> None:
    schema = json.loads((await wire.send("/schema/openapi.json")).body)
    told = schema["paths"]["/api/{user_id}/chat"]["post"]["responses"]["503"]["description"]
    assert "identity_unavailable" in told
