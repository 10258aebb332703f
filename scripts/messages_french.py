"""Rules that a sentence and its French are held to: placeholders, spaces, apostrophes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

NBSP, NNBSP = "\u00a0", "\u202f"
_HARD = f"[{NBSP}{NNBSP}]"
_PLACEHOLDER = re.compile(r"%\(\w+\)[-#0 +]*\d*(?:\.\d+)?[diouxXeEfFgGcrs]|\{\w*\}|%[sd]")
_TAG = re.compile(r"<[^<>]*>|&[#\w]+;|https?://\S+")
# A sign that ends a clause: followed by a space, a closing mark, another sign or the end.
_END = r"(?=[\s»”)…?!]|$)"
_WORD = r"[\w%)»”’\]°…]"
_RULES = (
    (re.compile(rf"[ \t\n][;!?]{_END}"), "an ordinary space before ; ! ? (take U+202F)"),
    (re.compile(rf"{_WORD}[;!?]{_END}"), "no space before ; ! ? (take U+202F)"),
    (re.compile(rf"[ \t\n]:{_END}"), "an ordinary space before a colon (take U+00A0)"),
    (re.compile(rf"{_WORD}:{_END}"), "no space before a colon (take U+00A0)"),
    (re.compile(rf"«(?!{_HARD})"), "no hard space after « (take U+00A0)"),
    (re.compile(rf"(?<!{_HARD})»"), "no hard space before » (take U+00A0)"),
    (re.compile(r"'"), "a straight apostrophe (take ’)"),
)


def placeholders(text: str) -> list[str]:
    """Every named or positional placeholder of a sentence, sorted, repeats kept."""
    return sorted(_PLACEHOLDER.findall(text.replace("%%", "")))


def faults(msgid: str, plural: str | None, strings: Sequence[str]) -> Iterator[str]:
    """What is wrong with a translation, in words; nothing when it is right.

    strings: the one translation, or the singular and the plural. A French singular also serves
    zero: it may use any placeholder of either English form.
    """
    if "’" in msgid + (plural or ""):
        yield "a curly apostrophe in the English (take ')"
    if any(not text.strip() for text in strings):
        yield "not translated"
        return
    if plural is None:
        yield from _placeholder_faults(msgid, strings[0])
    else:
        both = set(placeholders(msgid)) | set(placeholders(plural))
        missing = set(placeholders(msgid)) - set(placeholders(strings[0]))
        stray = set(placeholders(strings[0])) - both
        if missing or stray:
            yield f"placeholders of the singular differ: {', '.join(sorted(missing | stray))}"
        yield from _placeholder_faults(plural, strings[-1])
    for text in strings:
        yield from typography(text)
        if text.endswith("\n") != msgid.endswith("\n"):
            yield "one ends with a new line, the other does not"


def _placeholder_faults(english: str, french: str) -> Iterator[str]:
    ours, theirs = set(placeholders(english)), set(placeholders(french))
    if ours != theirs:
        yield f"placeholders differ: {', '.join(sorted(ours ^ theirs))}"
    if english.count("%%") != french.count("%%") and "%%" in english + french:
        yield "%% is not written the same number of times"


def typography(french: str) -> Iterator[str]:
    """Faults of French typography; tags, entities and web addresses are passed over."""
    bare = _TAG.sub("", _PLACEHOLDER.sub("x", french))
    for pattern, words in _RULES:
        found = pattern.search(bare)
        if found:
            start = max(0, found.start() - 12)
            yield f"{words}: “{bare[start : found.end() + 6].strip()}”"
