"""People of a real Better Auth talk to a real Munshi; whatever else its keys signed, or others made, lets nobody in."""

import base64
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from tests.e2e.better_auth import PATIENCE, README, BetterAuth, better_auth, talk_from_a_page
from tests.e2e.process import NO_TLS, Service, serving

# The name with which a person signs up holds claims that the issuer will write into their tokens.
CLAIMED = "jwt: { definePayload: ({ user }) => ({ ...user, ...JSON.parse(user.name) }) }"
COOKIES = '{ cookieCache: { enabled: true, strategy: "jwt" } }'


@dataclass
class Pair:
    """An issuer, and the Munshi that trusts it."""

    alg: str
    issuer: BetterAuth
    munshi: Service


@pytest.fixture(scope="module", params=["EdDSA", "ES256", "RS256"])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp(request.param)
    options = f'{{ {CLAIMED}, jwks: {{ keyPairConfig: {{ alg: "{request.param}" }} }}, sessionCookieCache: true }}'
    with better_auth(folder, options, COOKIES) as issuer, serving(folder / "data", JWKS_URL=issuer.jwks_url) as munshi:
        yield Pair(request.param, issuer, munshi)


def ask(munshi: Service, user: str, token: str, message: str = "mere tasks dikhao") -> httpx2.Response:
    """One turn at the user's path, with the token."""
    headers = {"Authorization": f"Bearer {token}"}
    return httpx2.post(
        f"{munshi.address}/api/{user}/chat", json={"message": message}, headers=headers, verify=NO_TLS, timeout=PATIENCE
    )


def verdict(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def part(token: str, place: int) -> dict[str, object]:
    """The header (0) or the claims (1) of a token."""
    text = token.split(".")[place]
    return dict(json.loads(base64.urlsafe_b64decode(text + "==")))


def renamed(token: str, kid: str) -> str:
    """The token, with another key's name in its header."""
    header = json.dumps(part(token, 0) | {"kid": kid}).encode()
    return ".".join([base64.urlsafe_b64encode(header).rstrip(b"=").decode(), *token.split(".")[1:]])


def test_a_person_who_signs_up_has_tasks_of_their_own(pair: Pair) -> None:
    ali, sana = pair.issuer.sign_up(), pair.issuer.sign_up()
    assert re.fullmatch(r"[A-Za-z0-9]{32}", ali.id)
    assert part(ali.token(), 0)["alg"] == pair.alg
    for token in (ali.token(), ali.token_without_cookies()):
        answer = ask(pair.munshi, ali.id, token, "doodh lana add karo")
        assert answer.status_code == 200, answer.text
        assert answer.json()["tool_calls"][0]["name"] == "add_task"
    listed = ask(pair.munshi, sana.id, sana.token()).json()["tool_calls"][0]["result"]
    assert listed["total"] == 0


def test_an_id_is_compared_letter_by_letter(pair: Pair) -> None:
    ali = pair.issuer.sign_up()
    ids = [ali.id.swapcase(), ali.id.lower(), ali.id.upper(), ali.id[:-1], f"{ali.id}a", f"{ali.id}%20"]
    ids += [pair.issuer.sign_up().id, ali.email, f"%25{ord(ali.id[0]):02x}{ali.id[1:]}"]
    assert [other for other in ids if verdict(ask(pair.munshi, other, ali.token())) != (403, "forbidden")] == []
    assert ask(pair.munshi, f"%{ord(ali.id[0]):02x}{ali.id[1:]}", ali.token()).status_code == 200


@pytest.mark.parametrize("pair", ["EdDSA"], indirect=True)
def test_a_token_for_others_or_of_others_or_of_the_past_is_refused(pair: Pair) -> None:
    now = int(time.time())
    lies: list[dict[str, object]] = [
        *({"aud": "https://other.example"}, {"aud": f"{pair.issuer.address}/"}, {"aud": []}),
        *({"iss": "https://other.example"}, {"iss": f"{pair.issuer.address}/"}, {"exp": now - 40, "iat": now - 940}),
        *({"nbf": now + 3600}, {"iat": now + 3600}, {"exp": 15}),
    ]
    people = [pair.issuer.sign_up(json.dumps(lie)) for lie in lies]
    told = {
        json.dumps(lie): verdict(ask(pair.munshi, who.id, who.token())) for lie, who in zip(lies, people, strict=True)
    }
    assert {lie: what for lie, what in told.items() if what != (401, "unauthenticated")} == {}
    honest = pair.issuer.sign_up(json.dumps({"aud": [pair.issuer.address, "another"], "iat": now, "exp": now + 60}))
    assert ask(pair.munshi, honest.id, honest.token()).status_code == 200


def test_a_session_is_no_token(pair: Pair) -> None:
    ali = pair.issuer.sign_up()
    cookies = ali.cookies
    cached = cookies["better-auth.session_data"]
    assert part(cached, 0).items() >= {"alg": pair.alg, "kid": part(ali.token(), 0)["kid"]}.items()
    assert part(cached, 1)["sub"] == ali.id
    sessions = [ali.session, ali.session.split(".")[0], *cookies.values(), *(f"{n}={v}" for n, v in cookies.items())]
    assert [one for one in sessions if verdict(ask(pair.munshi, ali.id, one)) != (401, "unauthenticated")] == []
    shown = httpx2.get(
        f"{pair.munshi.address}/api/{ali.id}/tasks",
        cookies=cookies | {"token": ali.token()},
        verify=NO_TLS,
        timeout=PATIENCE,
    )
    assert verdict(shown) == (401, "unauthenticated")


def test_a_new_key_serves_at_once_and_the_old_one_through_its_grace(tmp_path: Path) -> None:
    options = "{ jwks: { rotationInterval: 1, gracePeriod: 3600 } }"
    with better_auth(tmp_path, options) as issuer, serving(tmp_path / "data", JWKS_URL=issuer.jwks_url) as munshi:
        ali = issuer.sign_up()
        old = ali.token()
        assert ask(munshi, ali.id, old).status_code == 200
        new = next(token for token in iter(ali.token, "") if part(token, 0)["kid"] != part(old, 0)["kid"])
        assert [ask(munshi, ali.id, token).status_code for token in (new, old)] == [200, 200]


def test_the_readmes_page_talks_to_munshi_and_outlives_its_issuer_without_a_word_of_it_in_the_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    command = next(line for line in README.splitlines() if line.startswith("JWKS_URL="))
    with better_auth(tmp_path) as issuer:
        settings = dict(word.split("=") for word in command.replace("https://app.example", issuer.address).split()[:2])
        with serving(tmp_path / "data", **settings) as munshi:
            heard = talk_from_a_page(tmp_path, issuer, munshi.address, "ali@people.example", "doodh lana add karo")
            assert (heard["status"], heard["turn"]["tool_calls"][0]["name"]) == (200, "add_task")
            sana = issuer.sign_up()
            token = sana.token()
            issuer.stop()
            forged = renamed(token, "unknown")
            assert verdict(ask(munshi, sana.id, forged)) == (401, "unauthenticated")
            assert ask(munshi, sana.id, token).status_code == 200
        with serving(tmp_path / "fresh", **settings) as munshi:
            waiting = ask(munshi, sana.id, token)
            assert verdict(waiting) == (503, "identity_unavailable")
            assert 1 <= int(waiting.headers["retry-after"]) <= 10
            assert verdict(ask(munshi, sana.id, "a.b.c")) == (401, "unauthenticated")
    logged = capfd.readouterr().err
    assert "those already known stay in use" in logged
    assert "nobody's token can be verified" in logged
    private = [
        token,
        *token.split("."),
        forged,
        sana.session,
        *sana.cookies.values(),
        "@people.example",
        sana.id,
    ]
    assert [word for word in private if word in logged] == []
