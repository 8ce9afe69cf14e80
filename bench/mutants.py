"""Plants faults in what verifies tokens, one at a time, and tells which of them the tests do not see.

    python bench/mutants.py [--only WORD] [--jobs N]

Each fault is a change of a few characters in a copy of src/, tried with the attacks of tests/security and the contract
of TokenVerifier. The exit code is the number of faults that survived.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).resolve().parent.parent
SECURITY = ROOT / "tests" / "security"
TESTS = [
    SECURITY / "test_tokens_attacks.py",
    ROOT / "tests" / "contract" / "test_token_verifier.py",
    *(SECURITY / f"test_tokens_{what}.py" for what in ("secret", "published", "jwks")),
    SECURITY / "test_service_attacks.py",
]
PATIENCE = 300  # seconds for the tests of one fault; one that hangs them is seen
TOKENS = "adapters/tokens"
# A file, then a fault a line: what stands there => what stands there instead, nothing being `pass`.
PLANTED = {
    f"{TOKENS}/gate.py": """
        len(segments) != 3 => len(segments) < 3
        [decoded(segment) for segment in segments] => [decoded(s) if s else b"x" for s in segments]
        any(name in members for name in UNSUPPORTED) => False
        UNSUPPORTED = ("crit", "b64") => UNSUPPORTED = ("crit",)
        UNSUPPORTED = ("crit", "b64") => UNSUPPORTED = ("b64",)
        members.get("typ", "JWT") not in TYPES => False
        members.get("typ", "JWT") => (members.get("typ") or "JWT")
        not isinstance(alg, str) => alg is None
        0 < len(kid) <= KID_MAX => len(kid) <= KID_MAX
        0 < len(kid) <= KID_MAX => 0 < len(kid)
        isinstance(kid, str) and 0 => 0
        "kid" in members and => kid and
        not data or urlsafe_b64encode(data).rstrip(b"=") != text.encode() => not data
        if not data or => if
        strict_object(header) => json.loads(header)
        depth > DEPTH_MAX => depth > 10 * DEPTH_MAX
        BRACKET.findall(TEXT.sub("", ESCAPE.sub("", text))) => BRACKET.findall(TEXT.sub("", text))
        object_pairs_hook=_unique => object_pairs_hook=dict
        parse_constant=_no_constant => parse_constant=float
        not isinstance(found, dict) => False
    """,
    f"{TOKENS}/claims.py": """
        LEEWAY = 30 => LEEWAY = 60
        LEEWAY = 30 => LEEWAY = 0
        now >= identity.until => False
        now >= identity.until => now > identity.until
        ("nbf", "iat") => ("nbf",)
        ("nbf", "iat") => ("iat",)
        _moment(claims, name) - LEEWAY > now => _moment(claims, name) > now
        claims.get("iss") != expected.issuer => claims.get("iss", expected.issuer) != expected.issuer
        claims.get("iss") != expected.issuer => expected.issuer not in str(claims.get("iss"))
        claims.get("iss") != expected.issuer => False
        expected.audience not in _audiences(claims) => "aud" in claims and expected.audience not in _audiences(claims)
        expected.audience not in _audiences(claims) => expected.audience not in str(claims.get("aud"))
        expected.audience is not None and => False and
        not all(isinstance(one, str) for one in listed) => False
        isinstance(value, bool) or => False or
        isinstance(value, int | float) => isinstance(value, int | float | str)
        0 <= value <= LATEST => value <= LATEST
        0 <= value <= LATEST => 0 <= value
        value = claims.get(name) => value = claims.get(name, LATEST)
        not isinstance(subject, str) or not names_a_user(subject) => not subject
    """,
    f"{TOKENS}/jose.py": """
        SECRET_MIN = 32 => SECRET_MIN = 16
        len(token) > TOKEN_MAX => False
        len(token) > TOKEN_MAX => len(token) >= TOKEN_MAX
        algorithms=[self.alg] => algorithms=None
        header.alg != key.alg => False
        known and known.key is key and => known and
        now < known.identity.until => True
        len(self._remembered) > REMEMBERED => False
        self._remembered.move_to_end(digest) =>
        sha256(token.encode()).digest() => sha256(token.encode()[:64]).digest()
        except InvalidSignature:\\n            return False => except InvalidSignature:\\n            return True
        raise Unauthenticated("The token is malformed.") from None => raise Unauthenticated(f"{token}") from None
        FAULTS = (JOSEError, ValueError, TypeError, OverflowError, RecursionError) => FAULTS = (JOSEError, TypeError)
        strict_object(key.payload(token)) => __import__("json").loads(key.payload(token))
        key.payload(token)) => __import__("base64").urlsafe_b64decode(token.split(".")[1] + "=="))
        return _is_jwk(secret) => return False
    """,
    f"{TOKENS}/jwks.py": """
        Expected(issuer or base, audience or base) => Expected(issuer, audience)
        Expected(issuer or base, audience or base) => Expected(issuer or base, audience)
        Expected(issuer or base, audience or base) => Expected(issuer, audience or base)
        header.alg not in ALGORITHMS => False
        if header.kid is None: => if False:
        if kid not in self._keys: => if not self._keys:
        if self._flight or (known and fresh): => if known and fresh:
        self._within(self._hunted if fresh else self._tried, PAUSE) => False
        self._hunted = self._tried =>
        LIFETIME = 300 => LIFETIME = 30_000
        PAUSE = 10 => PAUSE = 1
        raise self._unavailable() => raise Unauthenticated("The token is signed with an unknown key.")
        await asyncio.shield(self._flight) => await self._flight
        answer.status_code != httpx2.codes.OK => answer.status_code >= 400
        len(body) > BODY_MAX => False
        0 <= self._now() - moment < seconds => self._now() - moment < seconds
        self._failing)): => False)):
        netloc = parts.netloc.lower() => netloc = parts.netloc
        or "@" in parts.netloc => or False
        "Accept-Encoding": "identity" => "Accept-Encoding": "gzip"
        async with asyncio.timeout(FETCH_SECONDS): => if True:
    """,
    f"{TOKENS}/published.py": """
        if PRIVATE & entry.keys(): => if False:
        bearers[kid] == 1 => bearers[kid]
        RSA_BITS = range(2048, 8193) => RSA_BITS = range(1024, 8193)
        RSA_BITS = range(2048, 8193) => RSA_BITS = range(2048, 200_000)
        EXPONENTS = range(65537, 2**32, 2) => EXPONENTS = range(1, 2**32, 2)
        entry.get("use", "sig") == "sig" => True
        entry.get("alg", alg) == alg => True
        return meant and => return
        KINDS[entry.get("kty"), entry.get("crv")] => next(k for n, k in KINDS.items() if n[0] == entry.get("kty"))
        len(x) != COORDINATE or len(y) != COORDINATE => False
        0 < len(kid) <= KID_MAX => len(kid) <= KID_MAX
        return decoded(text) => return __import__("base64").urlsafe_b64decode(text + "==")
        "qi", "oth", "k" => "qi", "oth"
    """,
    "domain/users.py": """
        len(subject) > SUBJECT_MAX => False
        or not subject.strip() => or not subject
        CONTROLS.isdisjoint(subject) and => True and
        0x7F, 0xA0 => 0x7F, 0x7F
        not any("\\ud800" <= character <= "\\udfff" for character in subject) => True
    """,
    "entrypoints/http/bearer.py": """
        subject != scope["path_params"]["user_id"] => subject.lower() != scope["path_params"]["user_id"].lower()
        subject != scope["path_params"]["user_id"] => subject.strip() != scope["path_params"]["user_id"].strip()
        subject != scope["path_params"]["user_id"] => False
        subject != scope["path_params"]["user_id"] => not scope["path_params"]["user_id"].startswith(subject)
        if len(given) > 1: => if False:
        scheme.lower() != "bearer" => not scheme
        scheme.lower() != "bearer" => not scheme.lower().endswith("bearer")
        given[0].partition(" ") => given[0].replace("=", " ").partition(" ")
    """,
    "entrypoints/mcp/route.py": """
        await verifier.verify(bearer_token(headers_of(scope, b"authorization"))) => str(header_of(scope, b"x-user-id"))
    """,
}


class Fault(Struct, frozen=True):
    """One change: `old`, which stands once in `file`, becomes `new`."""

    file: str
    old: str
    new: str


def faults() -> Iterator[Fault]:
    """The planted faults, each checked to fit the source as it is."""
    for file, lines in PLANTED.items():
        source = (ROOT / "src" / file).read_text()
        for line in filter(None, map(str.strip, lines.splitlines())):
            old, new = (part.strip().replace("\\n", "\n") for part in f"{line} ".split(" => ", 1))
            if old not in source:
                sys.exit(f"src/{file} has no {old!r} any more: change the list of faults.")
            yield Fault(file, old, new)


def survives(fault: Fault) -> bool:
    """Whether the tests pass with the fault."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(shutil.copytree(ROOT / "src", Path(folder) / "src", ignore=shutil.ignore_patterns("__pycache__")))
        path = source / fault.file
        path.write_text(path.read_text().replace(fault.old, fault.new or "pass", 1))
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            *map(str, TESTS),
        ]
        given = os.environ | {"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            ended = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, check=False, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            return False
        return ended.returncode == 0


def main() -> int:
    """Try every fault; the number of those that nobody saw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="faults whose file or text holds this word")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at once (default: %(default)s)")
    asked = parser.parse_args()
    chosen = [fault for fault in faults() if asked.only in f"{fault.file} {fault.old}"]
    survivors = []
    with ThreadPoolExecutor(asked.jobs) as pool:
        for fault, survived in zip(chosen, pool.map(survives, chosen), strict=True):
            print("SURVIVED" if survived else "seen    ", f"{fault.file}: {fault.old!r} -> {fault.new!r}", flush=True)
            survivors += [fault] if survived else []
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} planted faults were seen")
    return len(survivors)


if __name__ == "__main__":
    sys.exit(main())
