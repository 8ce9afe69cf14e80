"""The limit: what Litestar, msgspec and a verified token cost when nothing is understood, kept or remembered.

python -m bench.turns.bare PORT      with JWT_SECRET_KEY in the environment
"""

import os
import sys
from typing import Any

import msgspec
import uvicorn
from litestar import Litestar, Request, post
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody

from adapters.clock import SystemClock
from adapters.tokens.jose import SecretVerifier
from entrypoints.http.bearer import bearer_token
from entrypoints.http.wire import ChatRequest, ToolCallBody, TurnBody

VERIFIER = SecretVerifier(os.environ["JWT_SECRET_KEY"].encode(), clock=SystemClock())
"""Munshi's own: python-jose once for a token, which is then remembered until it expires."""


async def only_the_user(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    token = bearer_token(connection.headers.getall("authorization", []))
    if await VERIFIER.verify(token) != connection.path_params["user_id"]:
        raise NotAuthorizedException


@post("/api/{user_id:str}/chat", guards=[only_the_user], status_code=200)
async def chat(user_id: FromPath[str], data: JSONBody[ChatRequest], request: Request[Any, Any, Any]) -> TurnBody:  # noqa: ARG001
    call = ToolCallBody("add_task", msgspec.Raw(b'{"title":"buy milk"}'), msgspec.Raw(b'{"task_id":1}'))
    return TurnBody(data.conversation_id or 1, data.message, [call], "2026-01-01T00:00:00+00:00")


if __name__ == "__main__":
    app = Litestar([chat], openapi_config=None, logging_config=None)
    uvicorn.run(app, port=int(sys.argv[1]), access_log=False, log_level="warning", backlog=4096)
