"""The tools' schemas are what strict function calling takes."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from agents.strict_schema import ensure_strict_json_schema
from jsonschema import Draft202012Validator

from adapters.assistant.schemas import NOT_STRICT, strict_schema
from application.shapes import UpdateTask
from application.tools import TOOLS, Tool

# Keywords that OpenAI's structured outputs take, besides those that only combine schemas.
KEYWORDS = {"type", "properties", "required", "additionalProperties", "description", "enum", "const", "anyOf", "items"}
KEYWORDS |= {"pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
KEYWORDS |= {"minItems", "maxItems"}

each_tool = pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)


def schemas_in(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema and every schema inside it."""
    yield schema
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", []), schema.get("items")]
    for part in inner:
        if isinstance(part, dict):
            yield from schemas_in(part)


@each_tool
def test_a_schema_is_valid_and_of_an_object(tool: Tool[Any, Any]) -> None:
    schema = strict_schema(tool.arguments)
    Draft202012Validator.check_schema(schema)
    assert schema["type"] == "object"


@each_tool
def test_every_property_is_required_and_no_other_allowed(tool: Tool[Any, Any]) -> None:
    for schema in schemas_in(strict_schema(tool.arguments)):
        if schema.get("type") == "object":
            assert schema["required"] == list(schema["properties"])
            assert schema["additionalProperties"] is False


@each_tool
def test_no_keyword_is_one_that_strict_schemas_refuse(tool: Tool[Any, Any]) -> None:
    for schema in schemas_in(strict_schema(tool.arguments)):
        assert set(schema) <= KEYWORDS
        assert not set(schema) & set(NOT_STRICT)


@each_tool
def test_the_sdk_has_nothing_to_add(tool: Tool[Any, Any]) -> None:
    schema = strict_schema(tool.arguments)
    assert ensure_strict_json_schema(strict_schema(tool.arguments)) == schema


@each_tool
def test_what_may_be_left_out_is_nullable_and_nothing_else(tool: Tool[Any, Any]) -> None:
    schema = strict_schema(tool.arguments)
    takes_null = {name for name, value in schema["properties"].items() if Draft202012Validator(value).is_valid(None)}
    fields = msgspec.structs.fields(tool.arguments)
    assert takes_null == {field.encode_name for field in fields if not field.required}


@each_tool
def test_the_tools_own_schema_names_the_same_properties_and_descriptions(tool: Tool[Any, Any]) -> None:
    strict = strict_schema(tool.arguments)["properties"]
    components = msgspec.json.schema_components([tool.arguments])[1]
    plain = components[tool.arguments.__name__].get("properties", {})
    assert list(strict) == list(plain)
    for name, value in plain.items():
        described = [schema.get("description") for schema in schemas_in(value) if "description" in schema]
        assert set(described) <= {schema.get("description") for schema in schemas_in(strict[name])}


def test_the_limits_of_a_number_and_the_words_of_a_choice_are_kept() -> None:
    properties = strict_schema(UpdateTask)["properties"]
    assert properties["task_id"]["minimum"] == 1
    choices = [option.get("enum") for option in properties["priority"]["anyOf"]]
    assert ["high", "low", "normal", "urgent"] in choices


@each_tool
def test_arguments_with_nulls_are_valid_and_so_are_those_without_them(tool: Tool[Any, Any]) -> None:
    schema = strict_schema(tool.arguments)
    given = {name: _some(value) for name, value in schema["properties"].items()}
    assert Draft202012Validator(schema).is_valid(given)
    kept = {name: value for name, value in given.items() if value is not None}
    msgspec.json.decode(msgspec.json.encode(kept), type=tool.arguments)


def _some(schema: dict[str, Any]) -> Any:
    """The least that a strict model may write: null where it may."""
    if any(option.get("type") == "null" for option in schema.get("anyOf", [])):
        return None
    return {"integer": 1, "string": "x", "array": []}[schema["type"]] if "enum" not in schema else schema["enum"][0]
