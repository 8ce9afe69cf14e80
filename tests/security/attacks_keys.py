"""Attacks with keys and signatures: public keys as secrets, keys that a token brings, forged signatures."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA1, SHA512
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.security.forge import BASE, MINTS, SECRET, STRANGERS, USER, Attack, Mint, b64, dump, hs256

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493


def public_forms(mint: Mint) -> dict[str, bytes]:
    """Every form in which an attacker may feed a public key to HMAC."""
    public, jwk = mint.public, mint.jwk or {}
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    forms = {
        "PEM": pem,
        "PEM stripped": pem.strip(),
        "PEM with CRLF": pem.replace(b"\n", b"\r\n"),
        "PEM in a line": pem.replace(b"\n", b""),
        "PEM body": b"".join(pem.splitlines()[1:-1]),
        "DER": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "JWK": dump(jwk),
        "JWK compact": json.dumps(jwk, separators=(",", ":")).encode(),
        "JWK sorted": json.dumps(jwk, sort_keys=True).encode(),
        "JWKS": dump({"keys": [jwk]}),
        "JWK's x or n": str(jwk.get("x", jwk.get("n"))).encode(),
        "kid": mint.kid.encode(),
    }
    if mint.alg != "EdDSA":
        forms["SSH"] = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    if mint.alg == "RS256":
        forms["PKCS1 PEM"] = public.public_bytes(Encoding.PEM, PublicFormat.PKCS1)
        forms["PKCS1 DER"] = public.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    if mint.alg == "ES256":
        forms["point"] = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        forms["short point"] = public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    if mint.alg == "EdDSA":
        forms["raw"] = public.public_bytes_raw()
    return forms


def confusions(mint: Mint) -> Iterator[Attack]:
    weak = {"empty": b"", "NUL": b"\0", "secret": b"secret", "the issuer": BASE.encode(), "the user": USER.encode()}
    if mint.jwk is None:
        digest, halves = hashlib.sha256(SECRET), (SECRET[:32], SECRET[1:])
        near = {
            "newline": SECRET + b"\n",
            "space": SECRET + b" ",
            "first 32": halves[0],
            "all but one": halves[1],
            "digest": digest.digest(),
            "hex digest": digest.hexdigest().encode(),
            "base64": base64.b64encode(SECRET),
        }
        for name, secret in (weak | near).items():
            yield f"HMAC with {name}", hs256(secret).token(mint.header, mint.claims)
        for alg in ("EdDSA", "ES256", "RS256"):
            yield f"own key of {alg} under HS256", MINTS[alg].token(mint.header, mint.claims)
        return
    for name, secret in (weak | public_forms(mint)).items():
        for alg in ("HS256", mint.alg):
            yield f"{alg}, HMAC with {name}", hs256(secret).token(mint.header | {"alg": alg}, mint.claims)
    for bits in (384, 512):
        pem = public_forms(mint)["PEM"]
        head = f"{b64(dump(mint.header | {'alg': f'HS{bits}'}))}.{b64(dump(mint.claims))}"
        yield f"HS{bits}, HMAC with PEM", f"{head}.{b64(hmac.digest(pem, head.encode(), f'sha{bits}'))}"


def strangers(mint: Mint) -> Iterator[Attack]:
    other = STRANGERS[mint.alg]
    jwk = other.jwk or {"kty": "oct", "k": b64(b"x" * 40)}
    brought: dict[str, dict[str, object]] = {
        "bare": {},
        "jwk": {"jwk": jwk},
        "jwk with our kid": {"jwk": jwk | {"kid": mint.kid}},
        "jku": {"jku": "https://evil.example/jwks"},
        "jku of ours": {"jku": f"{BASE}@evil.example/jwks"},
        "x5u": {"x5u": "https://evil.example/cert"},
        "x5c": {"x5c": ["MIIB"]},
        "x5t": {"x5t": "AAAA", "x5t#S256": "AAAA"},
        "key": {"key": jwk},
        "keys": {"keys": [jwk]},
        "file": {"jku": "file:///etc/passwd"},
        "metadata": {"jku": "http://169.254.169.254/latest/meta-data"},
    }
    for name, members in brought.items():
        yield f"stranger's key, {name}", other.token(mint.header | members, mint.claims)
    for alg, another in MINTS.items():
        if alg != mint.alg:
            yield f"good token of {alg}", another.token()
            yield f"good token of {alg}, our kid", another.headed(kid=mint.kid)
            yield f"key of {alg}, our header", another.token(mint.header, mint.claims)


def signatures(mint: Mint) -> Iterator[Attack]:
    header, claims, written = mint.token().split(".")
    signed = mint.sign(f"{header}.{claims}".encode())
    size = len(signed)
    other = mint.token(claims=mint.claims | {"jti": "other"}).split(".")
    forged = b64(dump(mint.claims | {"sub": "victim"}))
    spoiled = {
        "first bit": bytes([signed[0] ^ 0x80]) + signed[1:],
        "last bit": signed[:-1] + bytes([signed[-1] ^ 1]),
        "cut by a byte": signed[:-1],
        "cut to half": signed[: size // 2],
        "cut to 16": signed[:16],
        "cut to one": signed[:1],
        "without its first": signed[1:],
        "NUL after": signed + b"\0",
        "NUL before": b"\0" + signed,
        "twice": signed * 2,
        "reversed": signed[::-1],
        "zeros": bytes(size),
        "ones": b"\xff" * size,
        "one zero": b"\0",
        "text": b"signature",
        "of nothing": mint.sign(b""),
        "of the header": mint.sign(header.encode()),
        "of the claims": mint.sign(claims.encode()),
        "without the dot": mint.sign((header + claims).encode()),
        "of the other token": b"",
        "in text": written.encode(),
        "1,000 bytes": b"s" * 1000,
        "swapped": signed[size // 2 :] + signed[: size // 2],
    }
    spoiled["of the other token"] = mint.sign(".".join(other[:2]).encode())
    for name, raw in (spoiled | particular(mint, f"{header}.{claims}".encode(), signed)).items():
        yield f"signature: {name}", f"{header}.{claims}.{b64(raw)}"
    yield "claims changed after", f"{header}.{forged}.{written}"
    yield "claims changed, other signature", f"{header}.{forged}.{other[2]}"
    yield "header changed after", f"{b64(dump(mint.header | {'q': 1}))}.{claims}.{written}"
    yield "header spaced after", f"{b64(dump(mint.header) + b' ')}.{claims}.{written}"
    yield "dot moved", f"{header}{claims[0]}.{claims[1:]}.{written}"


def particular(mint: Mint, message: bytes, signed: bytes) -> dict[str, bytes]:
    """Forgeries of one algorithm: psychic signatures, other encodings, paddings and digests."""
    if mint.alg == "ES256":
        r, s = int.from_bytes(signed[:32]), int.from_bytes(signed[32:])
        pairs = {
            "r=s=0": (0, 0),
            "r=0": (0, s),
            "s=0": (r, 0),
            "r=s=n": (P256_ORDER,) * 2,
            "r=n": (P256_ORDER, s),
            "s=n": (r, P256_ORDER),
            "r=s=1": (1, 1),
            "r=1, s=0": (1, 0),
            "r=s=2^256-1": (2**256 - 1,) * 2,
            "r=0, s=1": (0, 1),
            "s, r": (s, r),
            "r+1": ((r + 1) % 2**256, s),
        }
        wide = b"".join(part.to_bytes(48) for part in (r, s))
        raw = {name: a.to_bytes(32) + b.to_bytes(32) for name, (a, b) in pairs.items()}
        return raw | {
            "in DER": encode_dss_signature(r, s),
            "in 96 bytes": wide,
            "DER of zeros": encode_dss_signature(0, 0),
        }
    if mint.alg == "EdDSA":
        s = int.from_bytes(signed[32:], "little")
        identity = (1).to_bytes(32, "little")
        return {
            "S+L": signed[:32] + (s + ED25519_ORDER).to_bytes(32, "little"),
            "R the identity, S=0": identity + bytes(32),
            "R=0": bytes(32) + signed[32:],
            "S=0": signed[:32] + bytes(32),
            "S=L": signed[:32] + ED25519_ORDER.to_bytes(32, "little"),
            "of the digest": mint.sign(hashlib.sha512(message).digest()),
            "length of Ed448": signed + bytes(50),
            "R negated": signed[:31] + bytes([signed[31] ^ 0x80]) + signed[32:],
            "low order R": b"\xec" + b"\xff" * 30 + b"\x7f" + bytes(32),
        }
    if mint.alg == "RS256":
        key = mint.sign.__closure__[0].cell_contents  # type: ignore[index]
        modulus = key.public_key().public_numbers().n
        return {
            "1": (1).to_bytes(256),
            "n-1": (modulus - 1).to_bytes(256),
            "n": modulus.to_bytes(256),
            "s+n": (int.from_bytes(signed) + modulus).to_bytes(257),
            "the bare digest": hashlib.sha256(message).digest(),
            "SHA-1": key.sign(message, padding.PKCS1v15(), SHA1()),
            "SHA-512": key.sign(message, padding.PKCS1v15(), SHA512()),
            "PSS": key.sign(message, padding.PSS(padding.MGF1(SHA512()), 32), SHA512()),
            "unsigned padding": b"\0\x01" + b"\xff" * 221 + b"\0" + hashlib.sha256(message).digest(),
        }
    return {name: hmac.digest(SECRET, message, name) for name in ("sha1", "sha384", "sha512", "md5")} | {
        "sha512 cut": hmac.digest(SECRET, message, "sha512")[:32],
        "hash without HMAC": hashlib.sha256(SECRET + message).digest(),
        "hash of the message": hashlib.sha256(message).digest(),
    }
