"""Every error as application/problem+json (RFC 9457): what went wrong, never how it looks inside."""

import logging
import re
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from msgspec import Struct

from application.ports import AssistantTimeout, AssistantUnavailable, Quota, RateLimited, TaskSort
from domain.errors import Invalid, MunshiError
from domain.tasks import Priority
from entrypoints.http.headers import Headers
from entrypoints.http.requests import SERVER_ERROR, note_problem

log = logging.getLogger(__name__)

STATUS = {
    "unauthenticated": HTTPStatus.UNAUTHORIZED,
    "forbidden": HTTPStatus.FORBIDDEN,
    "not_found": HTTPStatus.NOT_FOUND,
    "method_not_allowed": HTTPStatus.METHOD_NOT_ALLOWED,
    "turn_in_progress": HTTPStatus.CONFLICT,
    "nothing_to_undo": HTTPStatus.CONFLICT,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "unsupported_media_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "malformed_json": HTTPStatus.BAD_REQUEST,
    "invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
    "idempotency_mismatch": HTTPStatus.UNPROCESSABLE_ENTITY,
    "rate_limited": HTTPStatus.TOO_MANY_REQUESTS,
    "internal": HTTPStatus.INTERNAL_SERVER_ERROR,
    "storage_unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
    "identity_unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
    "assistant_unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
    "assistant_timeout": HTTPStatus.GATEWAY_TIMEOUT,
}
CODES = {status: code for code, status in reversed(STATUS.items())}
MISSING = re.compile(r"Object missing required field `(\w+)`")
UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")
ONE_OF: dict[str, type[StrEnum]] = {"priority": Priority, "sort": TaskSort}
UNREADABLE = "The body is nested too deeply, or is not UTF-8."
RETRY_AFTER = {"storage_unavailable": 5, "turn_in_progress": 1}


class FieldError(Struct, frozen=True):
    """What is wrong with one field of the request."""

    field: str
    message: str


class Problem(Struct, frozen=True, omit_defaults=True):
    """RFC 9457: `type` is a stable name of the kind, `detail` a sentence for people, `instance` the path asked for."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    errors: tuple[FieldError, ...] = ()


class Forbidden(MunshiError):
    """The token is good, but it is another user's."""

    code = "forbidden"

    def __init__(self) -> None:
        super().__init__("This token's user is not the one in the path.")


class Unsupported(MunshiError):
    """The body is not plain JSON by its own word."""

    code = "unsupported_media_type"

    def __init__(self) -> None:
        super().__init__("The body must be application/json, and not compressed.")


def documented(*codes: str) -> dict[int, ResponseSpec]:
    """The problems of a route, for its OpenAPI description."""
    specs: dict[int, ResponseSpec] = {}
    for code in codes:
        status = STATUS[code]
        described = f"{status.phrase}: {code}" if status not in specs else f"{specs[status].description}, {code}"
        example = Example(code, value=_problem(code, status.description, "/api/ali/chat"))
        examples = [*(specs[status].examples or [] if status in specs else []), example]
        specs[status] = ResponseSpec(
            Problem, False, media_type="application/problem+json", description=described, examples=examples
        )
    return specs


def problem_of(error: MunshiError, instance: str) -> Problem:
    """What a person may know of an error."""
    code = error.code if error.code in STATUS else "internal"
    errors = (FieldError(error.field, error.why),) if isinstance(error, Invalid) else ()
    return _problem(code, error.message, instance, errors)


def tell(request: Request[Any, Any, Any], error: MunshiError) -> Response[Problem]:
    """One of our own errors."""
    retry_after = getattr(error, "retry_after", RETRY_AFTER.get(error.code))
    is_told = isinstance(error, AssistantUnavailable | AssistantTimeout)  # by the turn that failed
    if STATUS.get(error.code, SERVER_ERROR) >= SERVER_ERROR and not is_told:
        log.warning("a part failed: %s", error.code, exc_info=error)
    response = _response(problem_of(error, request.url.path), retry_after)
    if isinstance(error, RateLimited):
        response.headers.update({name.decode(): value.decode() for name, value in quota_headers(error.quota)})
    return response


def quota_headers(quota: Quota) -> Headers:
    """What is left of a limit (draft-ietf-httpapi-ratelimit-headers)."""
    window = f";w={quota.window}" if quota.window else ""
    return [
        (b"ratelimit", f'"{quota.policy}";r={quota.remaining};t={quota.reset}'.encode()),
        (b"ratelimit-policy", f'"{quota.policy}";q={quota.limit}{window}'.encode()),
    ]


def tell_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Problem]:
    """An error of the framework: a body that doesn't fit, an unknown path, a wrong method."""
    if isinstance(error, ValidationException):
        problem = _invalid(request, error)
    elif error.status_code == HTTPStatus.BAD_REQUEST:
        problem = _problem("malformed_json", "The body is not JSON.", request.url.path)
    else:
        code = CODES.get(HTTPStatus(error.status_code), "internal")
        problem = _problem(code, HTTPStatus(error.status_code).description or str(error.detail), request.url.path)
    response = _response(problem)
    for name, value in (error.headers or {}).items():
        response.headers[name] = allowing_head(value) if name == "allow" else value
    return response


def tell_unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """A fault of ours: the log has it, the answer does not."""
    if isinstance(error, RecursionError | UnicodeDecodeError):
        return _response(_problem("malformed_json", UNREADABLE, request.url.path))
    log.error("unexpected error", exc_info=error)
    return _response(_problem("internal", "Something went wrong on our side.", request.url.path))


def allowing_head(methods: str) -> str:
    """The methods of an Allow header; what answers GET answers HEAD."""
    named = set(methods.split(", "))
    return ", ".join(sorted(named | {"HEAD"} if "GET" in named else named))


def _invalid(request: Request[Any, Any, Any], error: ValidationException) -> Problem:
    given = error.extra if isinstance(error.extra, list) else []
    if any(item.get("message") == "'data'" for item in given):
        return _problem("malformed_json", "The body is empty.", request.url.path)
    errors = tuple(_field_error(item) for item in given)
    detail = "; ".join(f"{item.field}: {item.message}" if item.field else item.message for item in errors)
    return _problem("invalid", detail or str(error.detail), request.url.path, errors)


def _field_error(item: dict[str, Any]) -> FieldError:
    message = str(item.get("message", ""))
    if missing := MISSING.fullmatch(message):
        return FieldError(missing[1], "is required")
    if unknown := UNKNOWN.fullmatch(message):
        return FieldError(unknown[1], "is not a field of this request")
    key = str(item.get("key", ""))
    if message.startswith("Invalid enum value") and key in ONE_OF:
        return FieldError(key, f"must be one of {', '.join(ONE_OF[key])}")
    return FieldError("body" if key == "data" else key, message)


def _problem(code: str, detail: str, instance: str, errors: tuple[FieldError, ...] = ()) -> Problem:
    status = STATUS[code]
    return Problem(f"urn:munshi:problem:{code}", status.phrase, status.value, detail, code, instance, errors)


def _response(problem: Problem, retry_after: int | None = None) -> Response[Problem]:
    note_problem(problem.code)
    headers = {"Cache-Control": "no-store"}
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return Response(problem, status_code=problem.status, media_type="application/problem+json", headers=headers)
