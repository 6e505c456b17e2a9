"""Draws values for leaves with Schemathesis: those that a schema allows, and those that it forbids."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

_BATCHES = 4096
_NOTHING: dict[str, Any] = {"path_parameters": {}, "query": {}, "headers": {}, "cookies": {}}


class Values:
    """Strategies by the text of a schema. Each schema becomes an operation of a small document, since this is the form in which
    Schemathesis takes schemas; equal schemas share one."""

    def __init__(self, schemas: Iterable[str]) -> None:
        import schemathesis

        texts = sorted(set(schemas))
        # a document without any path is refused
        paths = {f"/{number}": _path(json.loads(text)) for number, text in enumerate(texts or ['{"type": "string"}'])}
        raw = {"openapi": "3.1.0", "info": {"title": "leaves", "version": "1"}, "paths": paths}
        schema = schemathesis.openapi.from_dict(raw)
        self._operations = {text: schema[f"/{number}"]["POST"] for number, text in enumerate(texts)}
        self._batches: dict[tuple[str, bool, int], list[Any]] = {}
        self._valid: dict[str, SearchStrategy[Any]] = {}
        self._invalid: dict[str, SearchStrategy[Any]] = {}

    def batch(self, key: tuple[str, bool, int], draw: Callable[[], list[Any]]) -> list[Any]:
        """A batch that was drawn before need not be drawn again."""
        if key not in self._batches:
            if len(self._batches) >= _BATCHES:
                self._batches.clear()
            self._batches[key] = draw()
        return self._batches[key]

    def valid(self, schema: str) -> SearchStrategy[Any]:
        """JSON values that the schema allows."""
        from schemathesis import GenerationMode

        return self._made(self._valid, schema, GenerationMode.POSITIVE)

    def invalid(self, schema: str) -> SearchStrategy[Any]:
        """JSON values that it forbids, and bytes that are no JSON at all."""
        from schemathesis import GenerationMode

        return self._made(self._invalid, schema, GenerationMode.NEGATIVE)

    def _made(self, known: dict[str, SearchStrategy[Any]], schema: str, mode: Any) -> SearchStrategy[Any]:
        strategy = known.get(schema)
        if strategy is None:
            operation = self._operations.get(schema)
            cases = operation.as_strategy(generation_mode=mode, **_NOTHING) if operation is not None else None
            strategy = known[schema] = cases.map(_body) if cases is not None else st.nothing()
        return strategy


def _path(schema: Any) -> dict[str, Any]:
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {"post": {"requestBody": body, "responses": {"200": {"description": "OK"}}}}


def _body(case: Any) -> Any:
    return case.body
