"""HS256: which secrets are accepted, and the tokens that `munshi token` issues."""

import base64
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jose.exceptions import JWKError
from tests.security.attacks_keys import public_forms
from tests.security.forge import BASE, ISSUERS, MINTS, NOW, SECRET, USER, HandClock, hs256

from adapters.tokens.gate import decoded
from adapters.tokens.jose import EdDSAKey, SecretVerifier, VerifyingKey, issue_token
from application.ports import Unauthenticated
from domain.errors import Invalid

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("secret", [b"", b"secret", b"x" * 31, "\u0627".encode() * 15])
def test_a_secret_under_32_bytes_is_refused_with_a_sentence(secret: bytes) -> None:
    with pytest.raises(Invalid, match=r"JWT_SECRET_KEY: must have at least 32 bytes"):
        SecretVerifier(secret, clock=HandClock())
    with pytest.raises(Invalid, match="JWT_SECRET_KEY"):
        issue_token(secret, USER, HOUR, HandClock())


@pytest.mark.parametrize("form", ["PEM", "PEM stripped", "PEM with CRLF", "DER", "JWK", "JWK compact", "SSH"])
@pytest.mark.parametrize("alg", ISSUERS)
def test_a_public_key_is_no_secret(alg: str, form: str) -> None:
    forms = public_forms(MINTS[alg])
    forms["SSH"] = MINTS[alg].public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    with pytest.raises(Invalid, match="JWT_SECRET_KEY: is a") as refusal:
        SecretVerifier(forms[form], clock=HandClock())
    assert forms[form].decode("latin-1") not in str(refusal.value)


@pytest.mark.parametrize(
    "secret",
    [b"x" * 32, bytes(range(64)), b"\xff" * 32, b'{"a": "b"}'.ljust(40), b'"a text in quotes"'.ljust(40)],
)
async def test_a_secret_is_its_bytes_whatever_they_look_like(secret: bytes) -> None:
    verifier = SecretVerifier(secret, clock=HandClock())
    assert await verifier.verify(hs256(secret).token()) == USER
    for other in (b"b", secret.strip(), secret + b"x", base64.b64encode(secret)):
        if other != secret:
            with pytest.raises(Unauthenticated):
                await verifier.verify(hs256(other).token())


@pytest.mark.parametrize("kid", [None, "local", "../../dev/null", "k" * 128])
async def test_a_secret_does_not_care_for_the_name_of_its_key(kid: str | None) -> None:
    mint = MINTS["HS256"]
    token = mint.token({"alg": "HS256"}) if kid is None else mint.headed(kid=kid)
    assert await mint.verifier().verify(token) == USER


async def test_a_key_has_one_algorithm_not_a_family_nor_a_part_of_its_name() -> None:
    mint, key = MINTS["HS256"], VerifyingKey.of(SECRET, "HS256")
    with pytest.raises(Unauthenticated, match="another algorithm"):
        await mint.verifier().verify(mint.headed(alg="HS512"))
    assert key.payload(mint.token())
    for alg in ("HS25", "S256", "HS512", "none"):
        with pytest.raises(Unauthenticated):
            key.payload(mint.headed(alg=alg))


@pytest.mark.parametrize("text", ["", "A", "AA=", "AB", "A+", "A/", "AA\n", " AA", "A\u0661", "AA.", "AA=="])
def test_base64url_has_one_spelling(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decoded(text)
    assert decoded("AA") == b"\0"


async def test_issuer_and_audience_are_checked_only_when_set() -> None:
    mint, clock = MINTS["HS256"], HandClock()
    free = SecretVerifier(SECRET, clock=clock)
    bare = mint.token(claims={"sub": USER, "exp": NOW + 1})
    assert await free.verify(bare) == USER
    assert await free.verify(mint.claiming(iss="any", aud=["any"])) == USER
    for settings in ({"issuer": BASE}, {"audience": BASE}):
        verifier = SecretVerifier(SECRET, clock=clock, **settings)
        assert await verifier.verify(mint.token()) == USER
        with pytest.raises(Unauthenticated):
            await verifier.verify(bare)
    assert await SecretVerifier(SECRET, clock=clock, issuer=BASE).verify(mint.claiming(aud="any")) == USER
    assert await SecretVerifier(SECRET, clock=clock, audience=BASE).verify(mint.claiming(iss="any")) == USER


async def test_an_issued_token_lives_as_long_as_asked() -> None:
    clock = HandClock()
    verifier = SecretVerifier(SECRET, clock=clock)
    token = issue_token(SECRET, "احمد", HOUR, clock)
    assert await verifier.verify(token) == "احمد"
    clock.pass_seconds(3629)
    assert await SecretVerifier(SECRET, clock=clock).verify(token) == "احمد"
    clock.pass_seconds(1)
    with pytest.raises(Unauthenticated, match="expired"):
        await verifier.verify(token)


async def test_an_issued_token_carries_issuer_and_audience_when_given() -> None:
    clock = HandClock()
    strict = SecretVerifier(SECRET, clock=clock, issuer=BASE, audience="munshi")
    assert await strict.verify(issue_token(SECRET, USER, HOUR, clock, issuer=BASE, audience="munshi")) == USER
    for parties in ({}, {"issuer": BASE}, {"audience": "munshi"}, {"issuer": "munshi", "audience": BASE}):
        with pytest.raises(Unauthenticated):
            await strict.verify(issue_token(SECRET, USER, HOUR, clock, **parties))


@pytest.mark.parametrize("user", ["", " ", "\n", "a\0", "u" * 256, "\ud800", "a/b", "/", ".", ".."])
def test_no_token_is_issued_for_a_name_that_would_be_refused_or_that_no_path_reaches(user: str) -> None:
    with pytest.raises(Invalid, match="user_id"):
        issue_token(SECRET, user, HOUR, HandClock())


@pytest.mark.parametrize("lifetime", [timedelta(0), timedelta(seconds=-1), timedelta(seconds=0.9), timedelta.max])
def test_a_lifetime_has_a_second_at_least_and_an_end(lifetime: timedelta) -> None:
    with pytest.raises(Invalid, match="lifetime"):
        issue_token(SECRET, USER, lifetime, HandClock())


def test_the_eddsa_key_verifies_and_cannot_sign() -> None:
    mint = MINTS["EdDSA"]
    key = VerifyingKey.of(mint.public, "EdDSA").key
    assert key.verify(b"message", mint.sign(b"message"))
    assert not key.verify(b"another", mint.sign(b"message"))
    with pytest.raises(NotImplementedError):
        key.sign(b"message")
    for material, alg in ((MINTS["ES256"].public, "EdDSA"), (mint.public, "HS256"), (b"x" * 32, "EdDSA")):
        with pytest.raises(JWKError):
            EdDSAKey(material, alg)
