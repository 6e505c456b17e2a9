"""The YAML of cassettes, read as PyYAML's C loader does and faster: nearly all of it is text, which needs no constructor."""

from __future__ import annotations

import operator
from typing import Any

import yaml

# ValueError: a scalar that cannot be built, as a 40th of May; TypeError: a key that is a list
NOT_YAML = (yaml.YAMLError, ValueError, TypeError, RecursionError)
_TAG = "tag:yaml.org,2002:"
_STR, _NULL, _MAP, _SEQ = (_TAG + name for name in ("str", "null", "map", "seq"))
_SCALAR_NODE = yaml.ScalarNode
_BY_FIRST_LETTER = yaml.SafeLoader.yaml_implicit_resolvers.get


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The C variant of the safe loader, with the few Python tags that vcrpy itself writes. None of them runs code."""

    # PyYAML asks for a tag by path, too, which nobody uses: a sixth of the time to read a cassette. These do nothing, in C
    descend_resolver = staticmethod(operator.is_)
    ascend_resolver = staticmethod(tuple)

    def resolve(self, kind: type, value: Any, implicit: Any) -> str:
        """The tag of a node that states none."""
        if kind is _SCALAR_NODE:
            if implicit[0]:
                for tag, is_of in _BY_FIRST_LETTER(value[:1], ()):
                    if is_of.match(value):
                        return str(tag)
            return _STR
        return _MAP if kind is yaml.MappingNode else _SEQ


def _scalar(loader: Any, node: Any) -> Any:
    return loader.construct_scalar(node)


def _sequence(loader: Any, node: Any) -> Any:
    return loader.construct_sequence(node)


def _file(loader: Any, node: Any) -> Any:
    state = loader.construct_mapping(node, deep=True).get("state") or [b""]
    return state[0]


def _pieces(loader: Any, node: Any) -> Any:
    arguments = loader.construct_mapping(node, deep=True).get("args") or [[]]
    return arguments[0]


for _tag, _constructor in {
    "str": _scalar,
    "unicode": _scalar,
    "tuple": _sequence,
    "object/new:_io.BytesIO": _file,
    "object/apply:builtins.iter": _pieces,
}.items():
    _Loader.add_constructor(f"{_TAG}python/{_tag}", _constructor)


def load(text: str) -> Any:
    """As `yaml.load`, in two thirds of the time: nearly all of a cassette is text, which needs no constructor."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        loader.left = 10 * len(text)
        return None if node is None else _value(node, loader)
    except yaml.constructor.ConstructorError:  # a merge key, or a value that no cassette has
        return yaml.load(text, Loader=_Loader)
    finally:
        loader.dispose()


def _value(node: Any, loader: Any) -> Any:
    tag = node.tag
    if tag == _STR:
        return node.value
    if tag == _MAP:
        _unfold(node, loader)
        return {
            key.value if key.tag == _STR else _value(key, loader): value.value if value.tag == _STR else _value(value, loader)
            for key, value in node.value
        }
    if tag == _SEQ:
        if len(node.value) > 1:  # most have one value of a header
            _unfold(node, loader)
        return [_value(item, loader) for item in node.value]
    return None if tag == _NULL else loader.construct_object(node, deep=True)


def _unfold(node: Any, loader: Any) -> None:
    """Aliases of aliases: a few lines may stand for more than any memory holds."""
    loader.left -= len(node.value)
    if loader.left < 0:
        raise yaml.YAMLError("its aliases unfold to more than the file holds")
