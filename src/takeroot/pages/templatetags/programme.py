"""Words of the programme in templates."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from takeroot.connections.letters import occupation_words
from takeroot.people.models import Person

register = template.Library()


@register.filter
def work(person: Person) -> str:
    """The occupation as the person put it, else the title of its unit group."""
    language = (get_language() or "en")[:2]
    return occupation_words(person.occupation_code, person.occupation_text, language)
