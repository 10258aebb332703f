"""Every template can be read: none is found broken by whoever opens its page first."""

from __future__ import annotations

from django.conf import settings
from django.template import TemplateSyntaxError
from django.template.loader import get_template


def test_every_template_can_be_read() -> None:
    broken, read = [], 0
    root = settings.PACKAGE / "templates"
    for file in sorted(root.rglob("*.html")):
        try:
            get_template(str(file.relative_to(root)))
            read += 1
        except TemplateSyntaxError as problem:
            broken.append(f"{file.relative_to(root)}: {problem}")
    assert broken == []
    assert read > 150
