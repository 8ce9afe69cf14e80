"""Attacks on who somebody is: ids that look alike, paths in other spellings, tokens in other places."""

from collections.abc import Iterator
from urllib.parse import quote

from tests.security.forge import USER, b64

# Each of these is somebody of their own, however alike they look, sort or fold.
LOOKALIKES = [
    USER,
    USER.lower(),
    USER.upper(),
    USER.swapcase(),
    USER[:-1],
    f"{USER} ",
    f" {USER}",
    f"{USER}.",
    f"{USER}\u200d",
    f"\ufeff{USER}",
    f"{USER}\u0301",
    f"\u202e{USER}",
    f"{USER}\u00ad",
    USER.replace("K", "\u041a"),
    USER.replace("K", "\u212a"),
    USER.replace("z", "\uff5a"),
    USER.replace("a", "\u0430"),
    quote(f"{USER} "),
    f"%{ord(USER[0]):02x}{USER[1:]}",
    f"{USER};x",
    f"{USER},victim",
    f"{USER}@x",
    f'"{USER}"',
    "victim",
    "caf\u00e9",
    "cafe\u0301",
    "stra\u00dfe",
    "strasse",
    "\u0131",
    "i",
    "\u06cc\u06a9",
    "\u064a\u0643",
    "\ufb01",
    "fi",
    "1",
    "01",
    "\u06f1",
    "\u0661",
    "null",
    "undefined",
    "*",
    "me",
]


# What may follow /api/ to reach another user than U, or none, written as no client would.
SPELLINGS = r"""
U%00 U%00.json %00U U%0a U%0d%0ax:%20y U%c0%80 U%ff U%ed%a0%80 U% U%zz U%u0041 U%20 %20U U+ + %20 U*
U| U%23 U# [U] U[] U{} U\ U'-- U/../victim U/%2e%2e/victim U%2f..%2fvictim U%2fvictim U/victim
victim/../U/x ..;/U U..;/victim U;/victim U%5c..%5cvictim U\victim ./U/x %2e %2e%2e .. . {user_id}
%7Buser_id%7D U|victim U&user_id=victim victim?user_id=U&x= victim?user_id= victim%3fuser_id=U
victim#U U%27%20OR%201=1 U${x} U%E2%80%8D %EF%BB%BFU U%2500 %252e%252e%252fU
"""


def spellings_of_another() -> Iterator[str]:
    """What may follow /api/ in an attack: the SPELLINGS, and USER encoded twice and thrice, and a very long name."""
    yield from SPELLINGS.replace("U", USER).replace(f"%{USER}", "%U").split()
    yield "".join(f"%25{ord(letter):02x}" for letter in USER)
    yield f"%2525{ord(USER[0]):02x}{USER[1:]}"
    yield "a" * 5000


def other_places(token: str) -> Iterator[tuple[str, list[str], str]]:
    """Name, headers and query of requests that bring a good token where none is looked for, or more than one."""
    bad = ".".join([*token.split(".")[:2], b64(b"s" * 64)])
    schemes = (
        "Basic",
        "Token",
        "JWT",
        "Digest",
        "Negotiate",
        "DPoP",
        "Bearer:",
        "Bearer=",
        "xBearer",
        "Bear",
        "BearerBearer",
        "",
    )
    for scheme in schemes:
        yield f"scheme {scheme!r}", [f"Authorization: {scheme} {token}"], ""
    yield "no scheme", [f"Authorization:{token}"], ""
    yield "Basic, encoded", [f"Authorization: Basic {b64(f'{USER}:{token}'.encode())}"], ""
    for sign in ("", "\t", ",", ";", "=", "_", "\u00a0", "%20"):
        yield f"joined by {sign!r}", [f"Authorization: Bearer{sign}{token}"], ""
    for more in (
        f" {token}",
        f",{token}",
        f", Bearer {token}",
        f"; {token}",
        ";",
        "==",
        '"',
        f" realm={token}",
        f" {bad}",
    ):
        yield f"followed by {more[:9]!r}", [f"Authorization: Bearer {token}{more}"], ""
    yield "quoted", [f'Authorization: Bearer "{token}"'], ""
    yield "nothing", [], ""
    yield "empty", ["Authorization:"], ""
    yield "Bearer alone", ["Authorization: Bearer"], ""
    yield "Bearer and spaces", ["Authorization: Bearer    "], ""
    for first, second in ((token, token), (token, bad), (bad, token), (token, "")):
        lines = [f"Authorization: Bearer {first}", f"authorization: Bearer {second}"]
        yield f"two headers {len(first)} {len(second)} {first == bad}", lines, ""
    yield "two headers, one Basic", [f"Authorization: Bearer {token}", "Authorization: Basic eDp5"], ""
    yield "three headers", [f"Authorization: Bearer {token}"] * 3, ""
    names = ("Proxy-Authorization", "X-Authorization", "X-Auth-Token", "X-Access-Token", "X-Forwarded-Authorization")
    for name in (
        *names,
        "Authorization_",
        "X-Original-Authorization",
        "Authentication",
        "Sec-WebSocket-Protocol",
        "X-Api-Key",
    ):
        yield name, [f"{name}: Bearer {token}"], ""
    for name in ("X-User-Id", "X-Forwarded-User", "X-Remote-User", "Remote-User", "X-Authenticated-Userid", "From"):
        yield name, [f"{name}: {USER}"], ""
        yield f"{name} beside a bad token", [f"{name}: {USER}", f"Authorization: Bearer {bad}"], ""
    for name in ("token", "access_token", "jwt", "Authorization", "session", "better-auth.session_token", "id_token"):
        yield f"cookie {name}", [f"Cookie: {name}={token}"], ""
        yield f"cookie {name}, Bearer", [f"Cookie: {name}=Bearer {token}"], ""
        yield f"query {name}", [], f"?{name}={token}"
    yield "query Authorization, encoded", [], f"?Authorization=Bearer%20{token}"
    yield "space before the colon", [f"Authorization : Bearer {token}"], ""
    yield "folded name", [f"X-A: b\n Authorization: Bearer {token}"], ""
    yield "NUL in the name", [f"Authorization\0: Bearer {token}"], ""
    yield "NUL in the value", [f"Authorization: Bearer \0{token}"], ""
    yield "method in a header", ["X-HTTP-Method-Override: POST", f"X-Authorization: Bearer {token}"], ""
    yield (
        "path in a header",
        ["X-Original-URL: /api/health", "X-Rewrite-URL: /api/health", "X-Forwarded-Prefix: /api/health"],
        "",
    )
    yield "from this machine", ["X-Forwarded-For: 127.0.0.1", "X-Real-IP: 127.0.0.1", "Forwarded: for=127.0.0.1"], ""
