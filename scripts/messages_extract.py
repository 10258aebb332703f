"""Every sentence of the product that is offered for translation, from Python and from templates.

Python is read as a syntax tree: a name counts when it was imported from Django's translation
module, whatever it is called here. Templates pass through Django's own `templatize`, whose
answer is read with a small pattern (the gettext programs are not on a plain machine).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "takeroot"
_MODULE = "django.utils.translation"
# Function -> which arguments are the context, the message and its plural (None: it has none).
_SHAPES: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
# The engine knows no Django: it marks its sentences with a function of its own.
_ENGINE_MODULE = "takeroot.engine.words"
_ENGINE_FUNCTION = "words"
_SUFFIXES = ("_lazy", "_noop")
_TEMPLATE_SUFFIXES = {".html", ".txt", ".xml", ".svg"}
_STRING = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_TEMPLATE_CALL = re.compile(
    rf"\b(npgettext|pgettext|ngettext|gettext|_)\(\s*({_STRING}(?:\s*,\s*{_STRING})*)", re.DOTALL
)
_ONE_STRING = re.compile(_STRING, re.DOTALL)


class Unreadable(Exception):
    """A call whose sentence cannot be read from the source; the text says where and why."""


@dataclass(frozen=True)
class Key:
    """What gettext looks a sentence up by."""

    id: str
    context: str | None = None

    def __str__(self) -> str:
        return f"{self.id} [{self.context}]" if self.context else self.id


@dataclass
class Found:
    """A sentence, its plural if it has one, and the files (from the root) that say it."""

    plural: str | None = None
    files: set[str] = field(default_factory=set)


def extract(package: Path = PACKAGE, root: Path = ROOT) -> dict[Key, Found]:
    """Every sentence under `package`. Raises `Unreadable` naming file and line."""
    sentences: dict[Key, Found] = {}
    for path in sorted(package.rglob("*")):
        if "migrations" in path.parts or "static" in path.relative_to(package).parts:
            continue
        name = path.relative_to(root).as_posix()
        if path.suffix == ".py":
            calls = _in_python(path.read_text(encoding="utf-8"), name)
        elif path.suffix in _TEMPLATE_SUFFIXES and "templates" in path.parts:
            calls = _in_template(path.read_text(encoding="utf-8"), name)
        else:
            continue
        for key, plural in calls:
            found = sentences.setdefault(key, Found())
            found.files.add(name)
            if plural and found.plural and plural != found.plural:
                raise Unreadable(f"{name}: “{key.id}” has two plurals in the product; keep one")
            found.plural = found.plural or plural
    return sentences


def _in_python(source: str, name: str) -> Iterator[tuple[Key, str | None]]:
    tree = ast.parse(source, filename=name)
    names: dict[str, str] = {}
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if node.module == _MODULE and _plain(alias.name) in _SHAPES:
                    names[alias.asname or alias.name] = _plain(alias.name)
                elif (_module(node, name), alias.name) == (_ENGINE_MODULE, _ENGINE_FUNCTION):
                    names[alias.asname or alias.name] = "gettext"
                elif f"{node.module}.{alias.name}" == _MODULE:
                    modules.add(alias.asname or alias.name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = _function(node.func, names, modules)
            if function:
                yield from _read_call(node, function, name)


def _module(node: ast.ImportFrom, name: str) -> str:
    """The module an import names, in full; ``name`` is the file's, from the root."""
    if not node.level:
        return node.module or ""
    package = name.removeprefix("src/").split("/")[: -node.level]
    return ".".join([*package, *filter(None, [node.module])])


def _plain(function: str) -> str:
    for suffix in _SUFFIXES:
        function = function.removesuffix(suffix)
    return function


def _function(node: ast.expr, names: dict[str, str], modules: set[str]) -> str | None:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        known = node.value.id in modules and _plain(node.attr) in _SHAPES
        return _plain(node.attr) if known else None
    return None


def _read_call(call: ast.Call, function: str, name: str) -> Iterator[tuple[Key, str | None]]:
    context_at, message_at, plural_at = _SHAPES[function]
    wanted = [at for at in (context_at, message_at, plural_at) if at is not None]
    if len(call.args) <= max(wanted):
        return
    texts: dict[int, str] = {}
    for at in wanted:
        argument = call.args[at]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            texts[at] = argument.value
        elif isinstance(argument, (ast.JoinedStr, ast.BinOp)):
            raise Unreadable(
                f"{name}, line {call.lineno}: a sentence for translation is one plain string; "
                "put values in with %(name)s after the call"
            )
        else:
            return  # A variable: its sentences are marked where they are written.
    yield (
        Key(texts[message_at], texts[context_at] if context_at is not None else None),
        texts[plural_at] if plural_at is not None else None,
    )


def _in_template(source: str, name: str) -> Iterator[tuple[Key, str | None]]:
    try:
        pseudo = templatize(source, origin=name)
    except SyntaxError as error:
        raise Unreadable(f"{name}: {error}") from error
    for found in _TEMPLATE_CALL.finditer(pseudo):
        function = "gettext" if found[1] == "_" else found[1]
        texts = [ast.literal_eval(text) for text in _ONE_STRING.findall(found[2])]
        context_at, message_at, plural_at = _SHAPES[function]
        yield (
            Key(texts[message_at], texts[context_at] if context_at is not None else None),
            texts[plural_at] if plural_at is not None else None,
        )
