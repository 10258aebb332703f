"""Is every sentence of the product in good French? And do the compiled catalogues say the same?

    check_messages.py                        fails on anything missing, stale, empty or ill-set
    check_messages.py --update               rewrites the .po from the source, compiles the .mo
    check_messages.py --from A.json B.json   also takes translations from files (later ones win)
    check_messages.py --missing OUT.json     also writes what is not translated yet, to fill in

A file of translations is a JSON object: sentence -> translation, or [singular, plural]; a
sentence with a context is "context\\u0004sentence".
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from messages_catalog import (
    Translations,
    build,
    compiled,
    folder,
    read,
    text_of,
    translations_of,
    write,
)
from messages_extract import Found, Key, Unreadable, extract
from messages_french import faults

_SHOWN = 60


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 when everything is well, 1 when something is to be done, 2 on unreadable input."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", action="store_true", help="rewrite the catalogues")
    parser.add_argument("--from", dest="files", nargs="+", type=Path, default=[], metavar="JSON")
    parser.add_argument("--missing", type=Path, metavar="JSON", help="write what is missing")
    options = parser.parse_args(arguments)
    try:
        sentences = extract()
        if options.update or options.files:
            update(sentences, options.files)
        problems = list(problems_of(sentences))
        if options.missing:
            options.missing.write_text(missing_words(sentences), encoding="utf-8")
    except (Unreadable, OSError, ValueError) as error:
        print(f"messages: {error}", file=sys.stderr)
        return 2
    for problem in problems[:_SHOWN]:
        print(problem, file=sys.stderr)
    if len(problems) > _SHOWN:
        print(f"... and {len(problems) - _SHOWN} more", file=sys.stderr)
    if problems:
        print(f"messages: {len(problems)} problems in {len(sentences)} sentences", file=sys.stderr)
        return 1
    print(f"messages: {len(sentences)} sentences, all in French")
    return 0


def update(sentences: Mapping[Key, Found], files: Sequence[Path]) -> None:
    """Rewrite both languages; what the source no longer says is dropped."""
    known = translations_of(read("fr")[0])
    taken = from_files(files)
    unused = sorted(key.id for key in taken if key not in sentences)
    for text in unused[:_SHOWN]:
        print(f"note: no longer said anywhere: “{text[:90]}”", file=sys.stderr)
    write("fr", build("fr", sentences, {**known, **taken}))
    write("en", build("en", {}, {}))


def from_files(files: Sequence[Path]) -> Translations:
    """The translations of several files; a different one in a later file wins and is told."""
    out: Translations = {}
    for path in files:
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict):
            raise Unreadable(f"{path.name}: an object of sentences was expected")
        for name, value in data.items():
            context, _, text = name.rpartition("\u0004")
            strings = (value,) if isinstance(value, str) else tuple(value)
            key = Key(text, context or None)
            if key in out and out[key] != strings:
                print(f"note: {path.name} has another French for “{text[:70]}”", file=sys.stderr)
            out[key] = strings
    return out


def problems_of(sentences: Mapping[Key, Found]) -> Iterator[str]:
    """Everything wrong with the committed catalogues, one line each."""
    catalog, text = read("fr")
    known = translations_of(catalog)
    for key in sorted(set(known) - set(sentences), key=str):
        yield f"stale (nothing says it any more): “{key}”"
    for message in catalog:
        if message.id and message.fuzzy:
            yield f"fuzzy: “{message.id}”"
    for key, found in sorted(sentences.items(), key=lambda pair: str(pair[0])):
        where = min(found.files)
        strings = known.get(key)
        if strings is None:
            yield f"{where}: missing in French: “{key}”"
            continue
        if len(strings) != (1 if found.plural is None else 2):
            yield f"{where}: singular and plural do not agree with the source: “{key}”"
            continue
        for fault in faults(key.id, found.plural, strings):
            yield f"{where}: “{key}”: {fault}"
    fresh = {"fr": build("fr", sentences, known), "en": build("en", {}, {})}
    if set(known) == set(sentences) and text_of(fresh["fr"]).decode() != text:
        yield "fr/django.po is not as `make messages` writes it (order, files or header)"
    for language, wanted in fresh.items():
        path = folder(language) / "django.mo"
        if not path.exists() or path.read_bytes() != compiled(wanted):
            yield f"{language}/django.mo is not what the .po says: run `make messages`"


def missing_words(sentences: Mapping[Key, Found]) -> str:
    """What has no French yet, as a file of translations to fill in."""
    known = translations_of(read("fr")[0])
    out: dict[str, str | list[str]] = {}
    for key, found in sorted(sentences.items(), key=lambda pair: str(pair[0])):
        if not all(known.get(key, ("",))):
            name = f"{key.context}\u0004{key.id}" if key.context else key.id
            out[name] = "" if found.plural is None else ["", ""]
    return json.dumps(out, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.exit(main())
