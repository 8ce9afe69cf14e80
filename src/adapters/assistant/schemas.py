"""The tools' Structs as the JSON Schemas that strict function calling wants."""

from typing import Any

import msgspec
from msgspec import Struct

# Keywords of JSON Schema that strict function schemas refuse.
NOT_STRICT = ("default", "examples", "title", "minLength", "maxLength")


def strict_schema(arguments: type[Struct]) -> dict[str, Any]:
    """Every property required and no other allowed; what may be left out is nullable instead."""
    schema = msgspec.json.schema(arguments)
    definitions = schema.get("$defs", {})
    root: dict[str, Any] = _resolved(schema, definitions)
    required = set(root.get("required", ()))
    root["properties"] = {
        name: value if name in required else _nullable(value) for name, value in root.get("properties", {}).items()
    }
    root["required"] = list(root["properties"])
    root["additionalProperties"] = False
    return root


def _resolved(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_resolved(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        named = definitions[schema["$ref"].rpartition("/")[2]]
        return _resolved({**named, **{key: value for key, value in schema.items() if key != "$ref"}}, definitions)
    return {
        key: {name: _resolved(value, definitions) for name, value in item.items()}
        if key == "properties"
        else _resolved(item, definitions)
        for key, item in schema.items()
        if key != "$defs" and key not in NOT_STRICT
    }


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    options = schema.get("anyOf", [schema])
    if any(option.get("type") == "null" for option in options):
        return schema
    return {"anyOf": [*options, {"type": "null"}]}
