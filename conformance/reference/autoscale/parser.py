"""Formula text to syntax tree: statements `name = expression` separated by semicolons, comments, a precedence table."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from conformance.reference.autoscale.errors import FormulaSyntaxError, FormulaTooLong
from conformance.reference.autoscale.syntax import (
    Binary,
    Call,
    Member,
    MethodCall,
    Name,
    Node,
    Number,
    Statement,
    Ternary,
    Text,
    Unary,
    walk,
)

MAX_BYTES = 8 * 1024
MAX_STATEMENTS = 100

# No formula written by a person comes near these; they keep Python's stack safe.
_MAX_NESTING = 40
_MAX_DEPTH = 150

_WORDS = re.compile(
    r"""
      (?P<space>\s+|//[^\n]*|/\*.*?\*/)
    | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
    | (?P<text>"[^"\n]*"|'[^'\n]*')
    | (?P<name>\$?[A-Za-z_]\w*)
    | (?P<operator>\|\||&&|==|!=|<=|>=|[-+*/<>!?:=();,.])
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)

# Loosest first; operators of one row bind alike, to the left.
_PRECEDENCE = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "/"))


@dataclass(frozen=True, slots=True)
class Word:
    kind: str
    text: str
    position: int


def parse(formula: str) -> tuple[Statement, ...]:
    """The statements of a formula. Raises `FormulaTooLong` or `FormulaSyntaxError`."""
    if len(formula.encode()) > MAX_BYTES:
        raise FormulaTooLong(f"a formula has at most {MAX_BYTES} bytes", MAX_BYTES)
    statements = _Parser(_words(formula)).statements()
    if len(statements) > MAX_STATEMENTS:
        raise FormulaTooLong(f"a formula has at most {MAX_STATEMENTS} statements", statements[MAX_STATEMENTS].position)
    for statement in statements:
        for node, depth in walk(statement.value):
            if depth > _MAX_DEPTH:
                raise FormulaSyntaxError("the expression is too deep", node.position)
    return statements


def _words(formula: str) -> list[Word]:
    words: list[Word] = []
    position = 0
    while position < len(formula):
        match = _WORDS.match(formula, position)
        if match is None:
            raise FormulaSyntaxError(f"unexpected character {formula[position]!r}", position)
        if match.lastgroup != "space":
            words.append(Word(match.lastgroup or "", match[0], position))
        position = match.end()
    return [*words, Word("end", "", len(formula))]


class _Parser:
    def __init__(self, words: list[Word]) -> None:
        self._words = words
        self._next = 0
        self._nesting = 0

    def statements(self) -> tuple[Statement, ...]:
        found = [self._statement()]
        while self._take(";"):
            if self._peek().kind == "end":
                break
            found.append(self._statement())
        if self._peek().kind != "end":
            raise self._unexpected("';' or the end")
        return tuple(found)

    def _statement(self) -> Statement:
        start = self._peek()
        following = self._words[min(self._next + 1, len(self._words) - 1)]
        if start.kind == "name" and following.text == "=":
            self._next += 2
            return Statement(start.position, start.text, self._expression())
        value = self._expression()
        if not isinstance(value, Call):
            raise FormulaSyntaxError("a statement assigns a value to a variable", start.position)
        return Statement(start.position, None, value)

    def _expression(self) -> Node:
        condition = self._binary(0)
        if not self._take("?"):
            return condition
        yes = self._nested()
        self._expect(":")
        return Ternary(condition.position, condition, yes, self._nested())

    def _nested(self) -> Node:
        self._enter()
        inner = self._expression()
        self._nesting -= 1
        return inner

    def _binary(self, level: int) -> Node:
        if level == len(_PRECEDENCE):
            return self._unary()
        left = self._binary(level + 1)
        while self._peek().kind == "operator" and self._peek().text in _PRECEDENCE[level]:
            word = self._advance()
            left = Binary(word.position, word.text, left, self._binary(level + 1))
        return left

    def _unary(self) -> Node:
        signs = []
        while self._peek().text in ("-", "!") and self._peek().kind == "operator":
            signs.append(self._advance())
        node = self._postfix()
        for sign in reversed(signs):
            node = Unary(sign.position, sign.text, node)
        return node

    def _postfix(self) -> Node:
        node = self._primary()
        while self._take("."):
            name = self._advance()
            if name.kind != "name" or name.text.startswith("$"):
                raise FormulaSyntaxError("expected the name of a method or member", name.position)
            if self._take("("):
                node = MethodCall(name.position, node, name.text, self._arguments())
            else:
                node = Member(name.position, node, name.text)
        return node

    def _primary(self) -> Node:
        word = self._peek()
        if word.kind == "number":
            self._next += 1
            return self._number(word)
        if word.kind == "text":
            self._next += 1
            return Text(word.position, word.text[1:-1])
        if word.kind == "name":
            self._next += 1
            return Call(word.position, word.text, self._arguments()) if self._take("(") else Name(word.position, word.text)
        if self._take("("):
            inner = self._nested()
            self._expect(")")
            return inner
        raise self._unexpected("an expression")

    def _number(self, word: Word) -> Number:
        value = float(word.text)
        if math.isinf(value):
            raise FormulaSyntaxError("the number is too large", word.position)
        return Number(word.position, value)

    def _arguments(self) -> tuple[Node, ...]:
        if self._take(")"):
            return ()
        arguments = [self._nested()]
        while self._take(","):
            arguments.append(self._nested())
        self._expect(")")
        return tuple(arguments)

    def _enter(self) -> None:
        self._nesting += 1
        if self._nesting > _MAX_NESTING:
            raise FormulaSyntaxError("the expression nests too deep", self._peek().position)

    def _peek(self) -> Word:
        return self._words[self._next]

    def _advance(self) -> Word:
        word = self._words[self._next]
        self._next = min(self._next + 1, len(self._words) - 1)
        return word

    def _take(self, operator: str) -> bool:
        word = self._peek()
        if word.kind == "operator" and word.text == operator:
            self._next += 1
            return True
        return False

    def _expect(self, operator: str) -> None:
        if not self._take(operator):
            raise self._unexpected(repr(operator))

    def _unexpected(self, expected: str) -> FormulaSyntaxError:
        word = self._peek()
        found = "the end" if word.kind == "end" else repr(word.text)
        return FormulaSyntaxError(f"expected {expected}, found {found}", word.position)
