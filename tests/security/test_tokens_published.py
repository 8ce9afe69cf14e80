"""Which keys of a JWKS are fit: the kind, curve, algorithm, use and strength must be right, and nothing private."""

import hashlib
import logging

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.security.forge import (
    ISSUERS,
    JWKS_URL,
    MINTS,
    STRANGERS,
    USER,
    HandClock,
    Mint,
    b64,
    dump,
    number,
    rs256,
    serving,
)

from adapters.tokens.jwks import JwksVerifier
from adapters.tokens.published import published_keys
from application.ports import Unauthenticated

ED, EC, RSA = (MINTS[alg] for alg in ("EdDSA", "ES256", "RS256"))
PRIVATE = ("d", "p", "q", "dp", "dq", "qi", "oth", "k")


async def serves(mint: Mint, *jwks: object) -> bool:
    """Whether the mint's good token passes with these published keys."""
    try:
        verifier = JwksVerifier(JWKS_URL, clock=HandClock(), fetch=serving(*jwks))
        return await verifier.verify(mint.token()) == USER
    except Unauthenticated:
        return False


def fit_keys(*jwks: object) -> list[str]:
    return list(published_keys(dump({"keys": jwks})))


@pytest.mark.parametrize("alg", ISSUERS)
async def test_what_a_fit_key_may_say(alg: str) -> None:
    mint = MINTS[alg]
    bare = {name: value for name, value in mint.jwk.items() if name not in ("alg", "use")}
    assert await serves(mint, bare)
    extras = (
        {"use": "sig"},
        {"alg": alg},
        {"key_ops": ["verify"]},
        {"key_ops": ["sign", "verify"]},
        {"x5c": ["x"], "x5t": "x"},
    )
    for extra in (*extras, {"createdAt": "2026-01-01", "id": 7}):
        assert await serves(mint, bare | extra)


@pytest.mark.parametrize("alg", ISSUERS)
async def test_a_key_for_something_else_serves_nothing(alg: str) -> None:
    mint = MINTS[alg]
    unfit = [
        {"use": "enc"},
        {"use": ""},
        {"use": None},
        {"use": ["sig"]},
        {"key_ops": ["sign"]},
        {"key_ops": []},
        {"key_ops": "verify"},
    ]
    unfit += [
        {"key_ops": None},
        {"alg": "RS512"},
        {"alg": "ES384"},
        {"alg": "HS256"},
        {"alg": "none"},
        {"alg": None},
        {"alg": [alg]},
    ]
    unfit += [{"alg": other} for other in ("EdDSA", "ES256", "RS256") if other != alg]
    unfit += [{"kty": kty} for kty in ("oct", "OKP", "EC", "RSA", "", None, [], {}, "rsa", 1) if kty != mint.jwk["kty"]]
    curves = ("Ed25519", "P-256", "P-384", "P-521", "secp256k1", "Ed448", "X25519", "", None, [])
    unfit += [{"crv": crv} for crv in curves if crv != mint.jwk.get("crv") and not (alg == "RS256" and crv is None)]
    unfit += [{"kid": kid} for kid in ("", None, 1, [mint.kid], "k" * 129, "other")]
    assert [members for members in unfit if await serves(mint, mint.jwk | members)] == []
    assert [members for members in unfit if fit_keys(mint.jwk | members) not in ([], ["other"])] == []
    for name in ("kty", "kid", "crv" if alg != "RS256" else "e"):
        assert not await serves(mint, {key: value for key, value in mint.jwk.items() if key != name})


@pytest.mark.parametrize("alg", ISSUERS)
@pytest.mark.parametrize("part", PRIVATE)
async def test_a_key_published_with_a_private_part_is_refused(
    alg: str, part: str, caplog: pytest.LogCaptureFixture
) -> None:
    mint = MINTS[alg]
    caplog.set_level(logging.WARNING)
    assert not await serves(mint, mint.jwk | {part: "hidden-part"})
    assert "private" in caplog.text
    assert "hidden-part" not in caplog.text


@pytest.mark.parametrize("alg", ISSUERS)
async def test_a_broken_key_serves_nothing_and_harms_no_other(alg: str) -> None:
    mint, other = MINTS[alg], MINTS["ES256" if alg != "ES256" else "EdDSA"]
    coordinates = [name for name in ("x", "y", "n", "e") if name in mint.jwk]
    for name in coordinates:
        good = str(mint.jwk[name])
        for value in (
            "",
            "AA",
            good + "=",
            good[:-4],
            good + "AAAA",
            "+" + good[1:],
            f" {good}",
            None,
            1,
            [good],
            {"x": good},
            good + "\n",
        ):
            broken = mint.jwk | {name: value}
            assert not await serves(mint, broken, other.jwk), (name, value)
            assert await serves(other, broken, other.jwk)
    for junk in (None, 1, "key", [], [mint.jwk], {}, {"kid": mint.kid}):
        assert await serves(mint, junk, mint.jwk)


@pytest.mark.parametrize("alg", ISSUERS)
async def test_a_name_that_two_keys_bear_names_neither(alg: str) -> None:
    mint, stranger, other = MINTS[alg], STRANGERS[alg], MINTS["ES256" if alg != "ES256" else "EdDSA"]
    assert not await serves(mint, mint.jwk, stranger.jwk)
    assert not await serves(mint, stranger.jwk, mint.jwk)
    assert not await serves(mint, mint.jwk, other.jwk | {"kid": mint.kid})
    assert await serves(mint, mint.jwk, stranger.jwk | {"use": "enc"})


@pytest.mark.parametrize("alg", ISSUERS)
async def test_a_key_serves_its_own_algorithm_and_name_only(alg: str) -> None:
    mint = MINTS[alg]
    keys = [issuer.jwk for issuer in ISSUERS.values()]
    assert await serves(mint, *keys)
    for other in (issuer for name, issuer in ISSUERS.items() if name != alg):
        crossed = Mint(alg, other.kid, mint.sign, mint.public, mint.jwk)
        assert not await serves(crossed, *keys)
    assert not await serves(Mint(alg, "elsewhere", mint.sign), *keys)


async def test_an_issuer_without_a_fit_key_vouches_for_nobody(caplog: pytest.LogCaptureFixture) -> None:
    assert not await serves(ED)
    assert "no key that can be used" in caplog.text


@pytest.mark.parametrize(("bits", "fit"), [(1024, False), (2047, False), (2048, True), (3072, True)])
async def test_an_rsa_key_has_2048_bits_at_least(bits: int, fit: bool) -> None:
    mint = rs256(bits=bits)
    assert await serves(mint, mint.jwk) is fit


@pytest.mark.parametrize(("bits", "fit"), [(2047, False), (2048, True), (8192, True), (8193, False), (100_000, False)])
def test_an_rsa_modulus_has_2048_to_8192_bits(bits: int, fit: bool) -> None:
    assert bool(fit_keys(RSA.jwk | {"n": number((1 << bits - 1) + 1)})) is fit


EXPONENTS = {65537: True, 65539: True, 2**32 - 1: True}
EXPONENTS |= dict.fromkeys((0, 1, 2, 3, 5, 17, 257, 65535, 65536, 65538, 2**32, 2**32 + 1, 2**64 + 13), False)


@pytest.mark.parametrize("exponent", EXPONENTS)
def test_an_rsa_exponent_is_odd_and_from_65537_to_32_bits(exponent: int) -> None:
    assert bool(fit_keys(RSA.jwk | {"e": number(exponent, 9)})) is EXPONENTS[exponent]


async def test_with_an_exponent_of_one_anybody_could_sign() -> None:
    padded = b"\0\x01" + b"\xff" * 202 + b"\0" + bytes.fromhex("3031300d060960864801650304020105000420")

    def sign(message: bytes) -> bytes:
        return padded + hashlib.sha256(message).digest()

    assert not await serves(Mint("RS256", RSA.kid, sign), RSA.jwk | {"e": b64(b"\x01")})


async def test_a_point_off_the_curve_is_no_key() -> None:
    x = int.from_bytes(b"\x05" * 32)
    for point in ((x, x), (0, 0), (2**256 - 1, 1)):
        assert not await serves(EC, EC.jwk | {"x": number(point[0], 32), "y": number(point[1], 32)})
    point = EC.public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]
    assert fit_keys(EC.jwk | {"x": b64(point[:32]), "y": b64(point[32:])}) == [EC.kid]
    for border in (0, 1, 31, 33, 64):
        assert fit_keys(EC.jwk | {"x": b64(point[:border]), "y": b64(point[border:])}) == []
