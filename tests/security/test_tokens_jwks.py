"""An issuer's keys over real HTTP: fetched once for many, found again after a rotation, kept through outages."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest
from tests.security.forge import BASE, ISSUERS, JWKS_URL, MINTS, STRANGERS, USER, HandClock, Mint, dump, eddsa, serving
from tests.security.issuer import Issuer, running_issuer

from adapters.tokens import jwks
from adapters.tokens.jwks import JwksVerifier
from application.ports import IdentityUnavailable, Unauthenticated
from domain.errors import Invalid

ED, EC, RSA = (MINTS[alg] for alg in ("EdDSA", "ES256", "RS256"))
NEW = eddsa("ed-2")


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with running_issuer(ED, EC, RSA) as running:
        yield running


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def verifier(issuer: Issuer, clock: HandClock) -> JwksVerifier:
    return JwksVerifier(issuer.url, clock=clock)


def token_of(mint: Mint, issuer: Issuer, clock: HandClock, **claims: object) -> str:
    """A good token of the running issuer, for an hour from now."""
    now = int(clock.now().timestamp())
    parties: dict[str, object] = {"iss": issuer.base, "aud": issuer.base}
    return mint.token(claims={"sub": USER, "iat": now, "exp": now + 3600} | parties | claims)


async def unknown(verifier: JwksVerifier, token: str) -> None:
    with pytest.raises(Unauthenticated, match="unknown key"):
        await verifier.verify(token)


async def unavailable(verifier: JwksVerifier, token: str) -> None:
    with pytest.raises(IdentityUnavailable, match="try again") as refusal:
        await verifier.verify(token)
    assert refusal.value.code == "identity_unavailable"
    assert 1 <= refusal.value.retry_after <= 10


@pytest.mark.parametrize("alg", ISSUERS)
async def test_better_auths_parties_are_the_default(
    verifier: JwksVerifier, issuer: Issuer, clock: HandClock, alg: str
) -> None:
    mint = MINTS[alg]
    assert await verifier.verify(token_of(mint, issuer, clock)) == USER
    assert await verifier.verify(token_of(mint, issuer, clock, aud=[issuer.base, "x"])) == USER
    for wrong in ({"iss": issuer.url}, {"aud": issuer.url}, {"iss": f"{issuer.base}/"}, {"aud": None}, {"iss": BASE}):
        with pytest.raises(Unauthenticated):
            await verifier.verify(token_of(mint, issuer, clock, **wrong))


async def test_named_parties_replace_the_default(issuer: Issuer, clock: HandClock) -> None:
    verifier = JwksVerifier(issuer.url, clock=clock, issuer="https://id.example", audience="munshi")
    assert await verifier.verify(token_of(ED, issuer, clock, iss="https://id.example", aud="munshi")) == USER
    for wrong in ({}, {"iss": "https://id.example"}, {"aud": "munshi"}):
        with pytest.raises(Unauthenticated):
            await verifier.verify(token_of(ED, issuer, clock, **wrong))


async def test_500_cold_verifications_at_once_make_one_fetch(
    verifier: JwksVerifier, issuer: Issuer, clock: HandClock
) -> None:
    issuer.delay = 0.1
    tokens = [token_of(mint, issuer, clock, jti=str(place)) for place in range(250) for mint in (ED, EC)]
    assert await asyncio.gather(*map(verifier.verify, tokens)) == [USER] * 500
    assert len(issuer.requests) == 1


async def test_one_fetch_is_under_way_at_a_time_whatever_the_clock_does(
    verifier: JwksVerifier, issuer: Issuer, clock: HandClock
) -> None:
    issuer.delay = 0.1
    good = token_of(ED, issuer, clock, iat=0)
    first = asyncio.create_task(verifier.verify(good))
    await asyncio.sleep(0.03)
    clock.pass_seconds(-60)
    assert await verifier.verify(good) == await first == USER
    assert len(issuer.requests) == 1


async def test_1000_unknown_kids_make_one_fetch_more(verifier: JwksVerifier, issuer: Issuer, clock: HandClock) -> None:
    await verifier.verify(token_of(ED, issuer, clock))
    tokens = [ED.headed(kid=f"kid-{place}") for place in range(1000)]
    await asyncio.gather(*(unknown(verifier, token) for token in tokens[:500]))
    for token in tokens[500:]:
        await unknown(verifier, token)
    assert len(issuer.requests) == 2
    clock.pass_seconds(9.9)
    await unknown(verifier, tokens[0])
    assert len(issuer.requests) == 2
    clock.pass_seconds(0.1)
    await unknown(verifier, tokens[0])
    assert len(issuer.requests) == 3


async def test_unknown_kids_from_a_cold_start_make_two_fetches_at_most(verifier: JwksVerifier, issuer: Issuer) -> None:
    tokens = [ED.headed(kid=f"kid-{place}") for place in range(1000)]
    await asyncio.gather(*(unknown(verifier, token) for token in tokens))
    assert len(issuer.requests) <= 2


HOPELESS = ["", "a.b.c", MINTS["HS256"].token(), ED.headed(alg="none"), ED.headed(alg="PS256"), ED.headed(crit=[])]
HOPELESS += [ED.token({"alg": "EdDSA"}), ED.headed(kid=""), ED.headed(kid=7), "x" * 9000, ED.headed(typ="session")]


async def test_tokens_that_no_key_can_have_signed_make_no_fetch(verifier: JwksVerifier, issuer: Issuer) -> None:
    for token in HOPELESS:
        with pytest.raises(Unauthenticated):
            await verifier.verify(token)
    assert issuer.requests == []


async def test_a_known_key_does_not_wait_for_the_search_for_an_unknown_one(
    verifier: JwksVerifier, issuer: Issuer, clock: HandClock
) -> None:
    good = token_of(ED, issuer, clock)
    await verifier.verify(good)
    issuer.delay = 0.6
    search = asyncio.create_task(unknown(verifier, ED.headed(kid="other")))
    await asyncio.sleep(0.05)
    assert await asyncio.wait_for(verifier.verify(good), 0.25) == USER
    assert await asyncio.wait_for(verifier.verify(token_of(EC, issuer, clock)), 0.25) == USER
    await search


async def test_keys_are_fetched_anew_after_five_minutes(
    verifier: JwksVerifier, issuer: Issuer, clock: HandClock
) -> None:
    good = token_of(ED, issuer, clock)
    await verifier.verify(good)
    clock.pass_seconds(299.9)
    await verifier.verify(good)
    assert len(issuer.requests) == 1
    clock.pass_seconds(0.1)
    assert await asyncio.gather(*(verifier.verify(good) for _ in range(100))) == [USER] * 100
    assert len(issuer.requests) == 2


async def test_a_clock_set_back_does_not_keep_keys_for_ever(
    verifier: JwksVerifier, issuer: Issuer, clock: HandClock
) -> None:
    await verifier.verify(token_of(ED, issuer, clock))
    clock.pass_seconds(-86_400)
    await verifier.verify(token_of(ED, issuer, clock))
    assert len(issuer.requests) == 2


async def test_a_rotated_key_is_found_at_once_and_the_old_one_ends(
    verifier: JwksVerifier, issuer: Issuer, clock: HandClock
) -> None:
    old, new = token_of(ED, issuer, clock), token_of(NEW, issuer, clock)
    assert await verifier.verify(old) == USER
    issuer.publish(ED, NEW)
    assert await verifier.verify(new) == USER
    assert await verifier.verify(old) == USER
    issuer.publish(NEW)
    clock.pass_seconds(300)
    assert await verifier.verify(new) == USER
    await unknown(verifier, old)


async def test_a_remembered_token_ends_with_its_key(verifier: JwksVerifier, issuer: Issuer, clock: HandClock) -> None:
    good = token_of(ED, issuer, clock)
    assert await verifier.verify(good) == USER
    issuer.publish(STRANGERS["EdDSA"])  # the same kid, another key
    clock.pass_seconds(300)
    with pytest.raises(Unauthenticated, match="signature"):
        await verifier.verify(good)


async def test_each_search_for_a_new_key_waits_ten_seconds_after_the_last(
    verifier: JwksVerifier, issuer: Issuer, clock: HandClock
) -> None:
    await verifier.verify(token_of(ED, issuer, clock))
    await unknown(verifier, token_of(NEW, issuer, clock))
    issuer.publish(ED, NEW)
    await unknown(verifier, token_of(NEW, issuer, clock))
    clock.pass_seconds(10)
    assert await verifier.verify(token_of(NEW, issuer, clock)) == USER


async def test_an_outage_keeps_the_last_good_keys_and_tries_every_ten_seconds(
    verifier: JwksVerifier, issuer: Issuer, clock: HandClock
) -> None:
    assert await verifier.verify(token_of(ED, issuer, clock)) == USER
    issuer.status = "503 Service Unavailable"
    for _ in range(3):
        clock.pass_seconds(600)
        for _ in range(50):
            assert await verifier.verify(token_of(EC, issuer, clock)) == USER
            await asyncio.sleep(0)
    await asyncio.sleep(0.05)
    assert len(issuer.requests) == 4
    await unknown(verifier, token_of(NEW, issuer, clock))
    issuer.status, issuer.body = "200 OK", dump({"keys": [NEW.jwk]})
    clock.pass_seconds(10)
    assert await verifier.verify(token_of(NEW, issuer, clock)) == USER


async def test_in_an_outage_known_keys_wait_for_one_attempt_only(
    verifier: JwksVerifier, issuer: Issuer, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await verifier.verify(token_of(ED, issuer, clock))
    monkeypatch.setattr(jwks, "FETCH_SECONDS", 0.4)
    issuer.delay = 5
    clock.pass_seconds(300)
    assert await verifier.verify(token_of(ED, issuer, clock)) == USER
    assert verifier._ring._flight is None
    clock.pass_seconds(10)
    assert await verifier.verify(token_of(ED, issuer, clock)) == USER
    assert verifier._ring._flight is not None
    await verifier._ring._flight


async def test_a_failed_search_leaves_fresh_keys_in_use(
    verifier: JwksVerifier, issuer: Issuer, clock: HandClock
) -> None:
    await verifier.verify(token_of(ED, issuer, clock))
    await issuer.stop()
    await unknown(verifier, token_of(NEW, issuer, clock))
    assert await verifier.verify(token_of(ED, issuer, clock)) == USER
    await issuer.start()


async def test_a_cold_start_without_the_issuer_says_so_and_recovers(
    verifier: JwksVerifier, issuer: Issuer, clock: HandClock
) -> None:
    await issuer.stop()
    good = token_of(ED, issuer, clock)
    await asyncio.gather(*(unavailable(verifier, good) for _ in range(50)))
    await issuer.start()
    await unavailable(verifier, good)
    assert issuer.requests == []
    clock.pass_seconds(10)
    assert await verifier.verify(good) == USER


async def test_the_wait_that_is_told_ends_when_the_next_fetch_is_due(
    verifier: JwksVerifier, issuer: Issuer, clock: HandClock
) -> None:
    good = token_of(ED, issuer, clock)
    issuer.status = "500 Oops"
    for passed, told in ((0, 10), (0.5, 10), (3, 7), (6.4, 1)):
        clock.pass_seconds(passed)
        with pytest.raises(IdentityUnavailable) as refusal:
            await verifier.verify(good)
        assert refusal.value.retry_after == told
    assert len(issuer.requests) == 1
    clock.pass_seconds(0.1)
    issuer.status = "200 OK"
    assert await verifier.verify(good) == USER


async def test_without_any_keys_a_token_that_the_gate_refuses_is_refused_all_the_same(
    verifier: JwksVerifier, issuer: Issuer
) -> None:
    issuer.status = "500 Oops"
    for hopeless in HOPELESS:
        with pytest.raises(Unauthenticated):
            await verifier.verify(hopeless)
    assert issuer.requests == []


GARBAGE = [
    b"",
    b"<html>502</html>",
    b"[]",
    b"{}",
    b"null",
    b'{"keys": {}}',
    b'{"keys": null}',
    b'{"keys": [',
    b"\xff\xfe",
]
GARBAGE += [b"NaN", b'{"keys": [], "keys": []}', b"[" * 100_000, b'{"keys": %b}' % (b"[" * 9 + b"]" * 9)]
GARBAGE += [b'{"keys": [1e5, NaN]}']


@pytest.mark.parametrize("body", GARBAGE)
async def test_garbage_is_an_outage(verifier: JwksVerifier, issuer: Issuer, clock: HandClock, body: bytes) -> None:
    good = token_of(ED, issuer, clock)
    honest, issuer.body = issuer.body, body
    await unavailable(verifier, good)
    issuer.body = honest
    clock.pass_seconds(10)
    assert await verifier.verify(good) == USER
    issuer.body = body
    clock.pass_seconds(300)
    assert await verifier.verify(good) == USER
    assert len(issuer.requests) == 3


@pytest.mark.parametrize(
    "status", ["204 No Content", "304 Not Modified", "404 Not Found", "401 Unauthorized", "500 Oops", "203 Other"]
)
async def test_only_status_200_brings_keys(
    verifier: JwksVerifier, issuer: Issuer, clock: HandClock, status: str
) -> None:
    issuer.status = status
    await unavailable(verifier, token_of(ED, issuer, clock))


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
async def test_redirects_are_not_followed(
    verifier: JwksVerifier, issuer: Issuer, clock: HandClock, status: str
) -> None:
    async with running_issuer(ED) as elsewhere:
        issuer.status, issuer.headers = status, {"Location": elsewhere.url}
        await unavailable(verifier, token_of(ED, issuer, clock))
        assert elsewhere.requests == []


async def test_a_huge_answer_is_an_outage(verifier: JwksVerifier, issuer: Issuer, clock: HandClock) -> None:
    issuer.body = issuer.body.ljust(256 * 1024 + 1)
    await unavailable(verifier, token_of(ED, issuer, clock))
    issuer.body = issuer.body[:-1]
    clock.pass_seconds(10)
    assert await verifier.verify(token_of(ED, issuer, clock)) == USER


async def test_a_compressed_answer_is_not_unpacked(verifier: JwksVerifier, issuer: Issuer, clock: HandClock) -> None:
    issuer.body, issuer.headers = gzip.compress(issuer.body.ljust(200_000)), {"Content-Encoding": "gzip"}
    await unavailable(verifier, token_of(ED, issuer, clock))
    assert "accept-encoding: identity" in issuer.requests[0].lower()


@pytest.mark.parametrize("slowness", ["delay", "trickle"])
async def test_a_slow_answer_is_an_outage_within_the_time_given(
    verifier: JwksVerifier, issuer: Issuer, clock: HandClock, monkeypatch: pytest.MonkeyPatch, slowness: str
) -> None:
    monkeypatch.setattr(jwks, "FETCH_SECONDS", 0.2)
    setattr(issuer, slowness, 5)
    async with asyncio.timeout(1):
        await unavailable(verifier, token_of(ED, issuer, clock))


async def test_one_who_leaves_does_not_stop_the_fetch_for_the_others(
    verifier: JwksVerifier, issuer: Issuer, clock: HandClock
) -> None:
    issuer.delay = 0.1
    leaver, stayer = (asyncio.create_task(verifier.verify(token_of(ED, issuer, clock))) for _ in range(2))
    await asyncio.sleep(0.03)
    leaver.cancel()
    assert await stayer == USER
    assert leaver.cancelled()
    assert len(issuer.requests) == 1


async def test_an_outage_is_logged_once_and_its_end_too_without_tokens(
    verifier: JwksVerifier, issuer: Issuer, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    good, honest = token_of(ED, issuer, clock), issuer.body
    issuer.body = b"garbage"
    for _ in range(3):
        await unavailable(verifier, good)
        clock.pass_seconds(10)
    issuer.body = honest
    await verifier.verify(good)
    assert [record.getMessage().partition(": ")[0] for record in caplog.records] == [
        f"JWKS_URL {issuer.url} brings no keys",
        f"JWKS_URL {issuer.url} brings keys again",
    ]
    assert "garbage" not in caplog.text
    assert not [part for part in good.split(".") if part in caplog.text]


REASONS: list[tuple[dict[str, object], str]] = [
    ({"body": b"<!doctype html><p>hidden words"}, "its answer is a page, not a key set"),
    ({"body": b" \n<?xml?>"}, "its answer is a page, not a key set"),
    ({"body": b'{"keys": ["hidden words"'}, "its answer is not JSON"),
    ({"body": b'{"error": "hidden words"}'}, "its answer has no list of keys"),
    ({"body": b"x" * (256 * 1024 + 1)}, "its answer is larger than 256 KB"),
    ({"status": "404 Not Found"}, "it answers 404;"),
    ({"status": "302 Found", "headers": {"Location": "/x"}}, "it answers 302; redirects are not followed;"),
    ({"delay": 5}, "it does not answer in 0.2 s"),
]


@pytest.mark.parametrize(("fault", "told"), REASONS, ids=lambda value: value if isinstance(value, str) else "")
async def test_an_operator_reads_why_there_are_no_keys_and_what_follows(
    verifier: JwksVerifier,
    issuer: Issuer,
    clock: HandClock,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    fault: dict[str, object],
    told: str,
) -> None:
    good, honest = token_of(ED, issuer, clock), dict(vars(issuer))
    if "delay" in fault:
        monkeypatch.setattr(jwks, "FETCH_SECONDS", 0.2)
    vars(issuer).update(fault)
    await unavailable(verifier, good)
    assert told in caplog.text
    assert caplog.text.rstrip().endswith("nobody's token can be verified until it does")
    assert "hidden" not in caplog.text
    vars(issuer).update({name: honest[name] for name in fault})
    monkeypatch.setattr(jwks, "FETCH_SECONDS", 5)
    clock.pass_seconds(10)
    await verifier.verify(good)
    vars(issuer).update(fault)
    monkeypatch.setattr(jwks, "FETCH_SECONDS", 0.2 if "delay" in fault else 5)
    clock.pass_seconds(300)
    await verifier.verify(good)
    assert caplog.text.rstrip().endswith("those already known stay in use")


async def test_an_operator_reads_that_the_issuer_cannot_be_reached(
    verifier: JwksVerifier, issuer: Issuer, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    await issuer.stop()
    await unavailable(verifier, token_of(ED, issuer, clock))
    assert "it can't be reached (ConnectError" in caplog.text
    await issuer.start()


async def test_whatever_a_fetch_raises_is_an_outage(clock: HandClock) -> None:
    for fault in (RuntimeError("x"), KeyError("x"), RecursionError(), TimeoutError(), OSError(), MemoryError()):

        async def fetch(url: str, fault: Exception = fault) -> bytes:
            raise fault

        await unavailable(JwksVerifier(JWKS_URL, clock=clock, fetch=fetch), ED.token())


NO_ADDRESSES = [
    "",
    "auth.example.com",
    "ftp://a.example/x",
    "file:///etc/passwd",
    "https://",
    "https:///x",
    "javascript:1",
]
NO_ADDRESSES += ["https://user:pass@a.example/x", "https://a.example:port/x", "http://[::1/x"]


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_an_address_must_be_one(url: str) -> None:
    with pytest.raises(Invalid, match="JWKS_URL") as refusal:
        JwksVerifier(url, clock=HandClock())
    assert "pass" not in str(refusal.value).replace("without a password", "")


ORIGINS = {
    "https://auth.example.com/api/auth/jwks": "https://auth.example.com",
    "http://localhost:3000/api/auth/jwks": "http://localhost:3000",
    "HTTPS://Auth.Example.COM:8443/jwks?x=1#y": "https://auth.example.com:8443",
    "https://auth.example.com:443/jwks": "https://auth.example.com",
    "http://auth.example.com:80/jwks": "http://auth.example.com",
    "http://auth.example.com:443/jwks": "http://auth.example.com:443",
    "http://[::1]:3000/jwks": "http://[::1]:3000",
}


@pytest.mark.parametrize("url", ORIGINS)
async def test_the_parties_default_to_the_origin_of_the_address(url: str) -> None:
    verifier = JwksVerifier(url, clock=HandClock(), fetch=serving(ED.jwk))
    assert await verifier.verify(ED.claiming(iss=ORIGINS[url], aud=ORIGINS[url])) == USER
