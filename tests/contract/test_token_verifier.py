"""What every TokenVerifier promises, whatever its key: who is named, until when, and how it refuses."""

import asyncio

import pytest
from tests.security.attacks_text import doubled, nested, padded_to, spelled
from tests.security.forge import BASE, ISSUERS, MINTS, NOW, STRANGERS, USER, HandClock, Mint

from adapters.tokens import jose
from adapters.tokens.gate import Header
from application.ports import TokenVerifier, Unauthenticated
from domain.errors import MunshiError


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=MINTS)
def mint(request: pytest.FixtureRequest) -> Mint:
    return MINTS[request.param]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def verifier(mint: Mint, clock: HandClock) -> TokenVerifier:
    return mint.verifier(clock)


async def refuses(verifier: TokenVerifier, token: str) -> bool:
    try:
        await verifier.verify(token)
    except Unauthenticated:
        return True
    return False


def test_it_is_a_token_verifier(verifier: TokenVerifier) -> None:
    assert TokenVerifier in type(verifier).__mro__


async def test_the_subject_comes_back_exactly_as_signed(mint: Mint, verifier: TokenVerifier) -> None:
    names = (
        "u",
        USER,
        USER.lower(),
        "42",
        "a b",
        " a",
        "احمد",
        "é",
        "e\u0301",
        "auth0|1/2?3#4%00",
        "u" * 255,
        "😀",
        "\u200c",
    )
    for name in names:
        assert await verifier.verify(mint.claiming(sub=name)) == name


async def test_what_an_honest_issuer_may_write_is_accepted(mint: Mint, verifier: TokenVerifier) -> None:
    jwk = STRANGERS["EdDSA"].jwk
    honest = {
        "typ JWT": mint.headed(typ="JWT"),
        "typ at+jwt": mint.headed(typ="at+jwt"),
        "typ first": mint.token({"typ": "JWT", **mint.header}),
        "members that are never read": mint.headed(jku="https://evil.example", jwk=jwk, x5u="x", x5c=["x"], x5t="x"),
        "a member unknown to us": mint.headed(nonce="x", q={"a": [1]}),
        "an e-mail and a name": mint.claiming(email="a@example.com", name="احمد", roles=["x"], act={"sub": "y"}),
        "aud in a list": mint.claiming(aud=[BASE]),
        "aud among others": mint.claiming(aud=["https://other.example", BASE]),
        "no iat": mint.without("iat"),
        "fractions of a second": mint.claiming(exp=NOW + 1.5, iat=NOW - 0.5, nbf=NOW - 0.5),
        "times as floats": mint.token(claims=spelled(mint.claims, exp=f"{NOW + 900}.0", iat=f"{NOW}e0")),
        "the last year": mint.claiming(exp=253_402_300_799),
        "the first day": mint.claiming(iat=0, nbf=0),
        "eight deep": mint.token(claims=spelled(mint.claims, q=nested(7))),
        "brackets in a text": mint.claiming(name="[" * 50 + '"\\"' + "{" * 50),
        "brackets behind a quote": mint.claiming(name='"' + "[" * 50),
        "spaces in the JSON": mint.token(claims=spelled(mint.claims).replace(b",", b" ,\r\n\t")),
        "escapes": mint.token(claims=spelled(mint.claims, sub='"\\u004bz"')),
        "the same name on two levels": mint.claiming(q={"sub": "x", "exp": 1}),
        "8,192 characters": padded_to(mint, 8192),
    }
    assert [name for name, token in honest.items() if await refuses(verifier, token)] == []


async def test_clocks_may_differ_by_30_seconds(mint: Mint, verifier: TokenVerifier) -> None:
    within = [mint.claiming(exp=NOW - 29), mint.claiming(exp=NOW - 29.9)]
    within += [mint.claiming(nbf=NOW + 30), mint.claiming(iat=NOW + 30)]
    beyond = [mint.claiming(exp=NOW - 30), mint.claiming(nbf=NOW + 30.1), mint.claiming(iat=NOW + 30.1)]
    assert [await refuses(verifier, token) for token in within] == [False] * 4
    assert [await refuses(verifier, token) for token in beyond] == [True] * 3


async def test_a_remembered_token_dies_when_it_expires(mint: Mint, verifier: TokenVerifier, clock: HandClock) -> None:
    token = mint.claiming(exp=NOW + 60)
    assert await verifier.verify(token) == USER
    clock.pass_seconds(89.9)
    assert await verifier.verify(token) == USER
    clock.pass_seconds(0.1)
    assert await refuses(verifier, token)
    assert await refuses(verifier, token)
    assert not verifier._remembered


async def test_a_token_becomes_valid_in_its_time(mint: Mint, verifier: TokenVerifier, clock: HandClock) -> None:
    token = mint.claiming(nbf=NOW + 60)
    assert await refuses(verifier, token)
    clock.pass_seconds(30)
    assert await verifier.verify(token) == USER


async def test_a_remembered_token_vouches_for_no_other(mint: Mint, verifier: TokenVerifier) -> None:
    token, other = mint.token(), mint.claiming(sub="other")
    header, _, signature = token.split(".")
    assert (await verifier.verify(token), await verifier.verify(other)) == (USER, "other")
    for altered in (
        f"{header}.{other.split('.')[1]}.{signature}",
        token[:-1],
        f"{token}=",
        f"{token}\n",
        token.lower(),
    ):
        assert await refuses(verifier, altered)
    assert await verifier.verify(token) == USER
    assert await verifier.verify(other) == "other"


async def test_a_verified_token_costs_its_signature_once(
    mint: Mint, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = []
    payload = jose.VerifyingKey.payload
    monkeypatch.setattr(jose.VerifyingKey, "payload", lambda key, token: (checked.append(1), payload(key, token))[1])
    for _ in range(3):
        assert await verifier.verify(mint.token(claims=mint.claims) if mint.alg != "ES256" else STABLE_ES256) == USER
    assert len(checked) == 1


STABLE_ES256 = MINTS["ES256"].token()  # ECDSA signs the same claims differently each time


async def test_memory_is_bounded_and_forgets_what_was_used_longest_ago(
    mint: Mint, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jose, "REMEMBERED", 3)
    checked: list[str] = []
    payload = jose.VerifyingKey.payload
    monkeypatch.setattr(
        jose.VerifyingKey, "payload", lambda key, token: (checked.append(token), payload(key, token))[1]
    )
    first, second, third, fourth = (mint.claiming(sub=name) for name in "abcd")
    for token in (first, second, third, first, fourth):
        await verifier.verify(token)
    checked.clear()
    for token in (first, third, fourth, second):
        await verifier.verify(token)
    assert checked == [second]
    assert len(verifier._remembered) == 3


async def test_a_token_that_is_forgotten_while_its_key_is_looked_up_is_good_all_the_same(
    mint: Mint, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    verifier = mint.verifier(clock)
    monkeypatch.setattr(jose, "REMEMBERED", 1)
    await verifier.verify(token := mint.claiming(sub="a"))
    find, other = verifier.key_for, mint.claiming(sub="b")

    async def find_late(header: Header) -> jose.VerifyingKey:
        monkeypatch.setattr(verifier, "key_for", find)
        await verifier.verify(other)
        return await find(header)

    monkeypatch.setattr(verifier, "key_for", find_late)
    assert await verifier.verify(token) == "a"


async def test_no_token_is_kept_in_memory_as_it_was_sent(mint: Mint, verifier: TokenVerifier) -> None:
    token = mint.token()
    await verifier.verify(token)
    await refuses(verifier, mint.claiming(exp=1))
    assert len(verifier._remembered) == 1
    assert token not in repr(verifier._remembered)
    assert token.encode() not in verifier._remembered


async def test_a_hundred_at_once_each_get_their_own_answer(mint: Mint, verifier: TokenVerifier) -> None:
    names = [f"user-{index}" for index in range(100)]
    assert await asyncio.gather(*(verifier.verify(mint.claiming(sub=name)) for name in names)) == names


REFUSED = {
    "expired": (lambda mint: mint.claiming(exp=NOW - 60), "expired"),
    "early": (lambda mint: mint.claiming(nbf=NOW + 60), "not valid yet"),
    "forged": (lambda mint: STRANGERS[mint.alg].token(mint.header, mint.claims), "signature"),
    "for another": (lambda mint: mint.claiming(aud="https://other.example"), "audience"),
    "by another": (lambda mint: mint.claiming(iss="https://other.example"), "issuer"),
    "no user": (lambda mint: mint.without("sub"), "names no user"),
    "no end": (lambda mint: mint.without("exp"), "exp"),
    "too long": (lambda mint: mint.token() + "A" * 9000, "too long"),
    "empty": (lambda mint: "", "three parts"),
    "four parts": (lambda mint: f"{mint.token()}.AAAA", "three parts"),
    "an algorithm that is no text": (lambda mint: mint.headed(alg=[mint.alg]), "does not name its algorithm"),
    "an extension": (lambda mint: mint.headed(crit=["exp"]), "extension"),
    "a type": (lambda mint: mint.headed(typ="session"), "type"),
    "an algorithm": (lambda mint: mint.headed(alg="none"), "algorithm"),
    "text": (lambda mint: "a.b.c", "malformed"),
    "repeated": (lambda mint: mint.token(claims=doubled(mint.claims, "sub", "x")), "malformed"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_refusal_says_what_is_wrong(mint: Mint, verifier: TokenVerifier, name: str) -> None:
    make, word = REFUSED[name]
    with pytest.raises(Unauthenticated, match=word) as refusal:
        await verifier.verify(make(mint))
    assert isinstance(refusal.value, MunshiError)
    assert refusal.value.code == "unauthenticated"
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None


@pytest.mark.parametrize("alg", ISSUERS)
async def test_a_secret_and_an_issuer_do_not_accept_each_others_tokens(alg: str) -> None:
    secret, issuer = MINTS["HS256"], MINTS[alg]
    assert await refuses(secret.verifier(), issuer.token())
    assert await refuses(issuer.verifier(), secret.token())
