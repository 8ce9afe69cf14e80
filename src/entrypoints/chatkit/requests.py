"""A body as one of the protocol's requests, or the problem it is."""

from chatkit.types import ChatKitReq, UserMessageInput
from litestar.exceptions import ClientException
from pydantic import TypeAdapter, ValidationError

from domain.errors import Invalid

REQUESTS: TypeAdapter[ChatKitReq] = TypeAdapter(ChatKitReq)


class NoAttachments(Invalid):
    """Munshi reads words alone."""

    def __init__(self) -> None:
        super().__init__("attachments", "are not supported; say it in words")


def read_request(body: bytes) -> ChatKitReq:
    """The request. Raises ClientException for what is no JSON, Invalid for what is no request of the protocol."""
    try:
        return REQUESTS.validate_json(body)
    except ValidationError as fault:
        error = fault.errors(include_url=False, include_context=False, include_input=False)[0]
        if error["type"] == "json_invalid":
            raise ClientException from fault
        raise Invalid(".".join(map(str, error["loc"][1:])) or "type", error["msg"]) from fault


def text_of(given: UserMessageInput) -> str:
    """What the user says: the words and tags in order, after what they quote. Raises NoAttachments."""
    if given.attachments:
        raise NoAttachments
    said = " ".join(part.text.strip() for part in given.content).strip()
    quoted = " ".join((given.quoted_text or "").split())
    return f"'{quoted}' {said}" if quoted and said else said
