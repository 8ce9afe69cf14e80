"""Attacks in what a truly signed token claims: its times, its user, its parties, its purpose."""

import json
import zlib
from collections.abc import Iterator

from tests.security.forge import BASE, NOW, USER, Attack, Mint, dump, spelled

TIMES_THAT_ARE_NONE = {
    "null": "null",
    "text": f'"{NOW}"',
    "empty text": '""',
    "true": "true",
    "false": "false",
    "list": f"[{NOW}]",
    "object": "{}",
    "1e400": "1e400",
    "NaN": "NaN",
    "Infinity": "Infinity",
    "-Infinity": "-Infinity",
    "-1e400": "-1e400",
    "negative": "-1",
    "milliseconds": f"{NOW}000",
    "10^18": "1" + "0" * 18,
    "10^400": "1" + "0" * 400,
    "10^5000": "1" + "0" * 5000,
    "hexadecimal": "0x7fffffff",
    "date": '"2099-01-01"',
}


def times(mint: Mint) -> Iterator[Attack]:
    for name in ("exp", "nbf", "iat"):
        for kind, text in TIMES_THAT_ARE_NONE.items():
            yield f"{name} {kind}", mint.token(claims=spelled(mint.claims, **{name: text}))
    yield "no exp", mint.without("exp")
    for late in (30, 30.5, 31, 60, 3600, NOW):
        yield f"expired {late} s ago", mint.claiming(exp=NOW - late, iat=0)
    yield "expired, not yet valid", mint.claiming(exp=NOW - 60, nbf=NOW + 60)
    yield "exp before the year 10000 by a day too late", mint.claiming(exp=253_402_300_800)
    for early in (30.5, 31, 60, 3600, 10**9):
        yield f"nbf in {early} s", mint.claiming(nbf=NOW + early, exp=NOW + 2 * 10**9)
        yield f"iat in {early} s", mint.claiming(iat=NOW + early, exp=NOW + 2 * 10**9)


def people(mint: Mint) -> Iterator[Attack]:
    yield "no sub", mint.without("sub")
    yield "no sub, but user_id", mint.token(claims={"user_id": USER, **json.loads(dump(mint.claims)), "sub": None})
    subjects = (
        None,
        "",
        " ",
        "\t",
        "\u00a0",
        "\u3000",
        [USER],
        [],
        {"id": USER},
        {},
        42,
        0,
        1.5,
        True,
        False,
        f"{USER}\0",
        "\0",
        f"{USER}\n",
        f"\r{USER}",
        "\x1b[2J",
        "\x7f",
        "\x85",
        "\ud800",
        f"{USER}\udfff",
        "u" * 256,
        "u" * 4000,
    )
    for subject in subjects:
        yield f"sub {str(subject)[:40]!r} {type(subject).__name__}", mint.claiming(sub=subject)


def parties(mint: Mint) -> Iterator[Attack]:
    yield "no iss", mint.without("iss")
    yield "no aud", mint.without("aud")
    near = (
        None,
        "",
        " ",
        f"{BASE}/",
        f" {BASE}",
        f"{BASE} ",
        BASE.upper(),
        BASE.replace("https", "http"),
        f"{BASE}:443",
        BASE[:-1],
        f"{BASE}.evil.example",
        "https://evil.example",
        f"https://evil.example/{BASE}",
        f"{BASE}\0",
        "*",
        True,
        0,
        {BASE: 1},
        f"{BASE},https://evil.example",
        BASE.replace("a", "\u0430"),
        {"value": BASE},
    )
    for value in near:
        yield f"iss {value!r}", mint.claiming(iss=value)
        yield f"aud {value!r}", mint.claiming(aud=value)
    yield "iss list", mint.claiming(iss=[BASE])
    for listed in (
        [],
        [[BASE]],
        ["https://evil.example"],
        [BASE, 1],
        [None, BASE],
        [{"a": BASE}],
        [f"{BASE}/"],
        list(BASE),
    ):
        yield f"aud {str(listed)[:50]}", mint.claiming(aud=listed)


def disguises(mint: Mint) -> Iterator[Attack]:
    """Things that are signed by the same key and are not access tokens."""
    session = {"session": {"userId": USER}, "user": {"id": USER}, "sub": USER, "iat": NOW, "exp": NOW + 300}
    yield "session cookie cache", mint.token(mint.header | {"typ": "session"}, session)
    yield "session cookie cache without typ", mint.token(claims=session)
    yield "session with our iss", mint.token(claims=session | {"iss": BASE})
    yield "a token in a token", mint.token(mint.header | {"cty": "JWT"}, mint.token().encode())
    yield "compressed claims", mint.token(mint.header | {"zip": "DEF"}, zlib.compress(dump(mint.claims)))
    yield "claims in the header", mint.token(mint.header | mint.claims, {"iss": BASE})
    yield "claims in an object", mint.token(claims={"claims": mint.claims})
    yield "members in capitals", mint.token(claims={name.upper(): value for name, value in mint.claims.items()})
    yield "the JWKS", mint.token(claims={"keys": [mint.jwk]})
