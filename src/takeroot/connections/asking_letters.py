"""Letters that ask people of the programme for something small, by their own link."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from takeroot.accounts.models import Party


def hours_page(*, reader: Party, link: str) -> tuple[str, str]:
    """Subject and body: a page of their own to write hours down."""
    with translation.override(reader.language):
        words = {"name": reader.first_name, "centre": reader.centre.name}
        said = [
            _("Hello %(name)s,") % words,
            _(
                "Meetings with newcomers count by themselves. If you give time in another way, "
                "you can write it down on this page of yours:"
            ),
            link,
            _(
                "It helps %(centre)s to thank you, and to say truly what the community gives. "
                "Nobody counts after you, and nothing happens if you write nothing."
            )
            % words,
        ]
        return _("Your hours for %(centre)s") % words, "\n\n".join(said)


def a_few_words(*, reader: Party, link: str) -> tuple[str, str]:
    """Subject and body: a few words for others, if they like."""
    with translation.override(reader.language):
        words = {"name": reader.first_name, "centre": reader.centre.name}
        said = [
            _("Hello %(name)s,") % words,
            _(
                "Would you say in a few words what it was like, for others who hesitate? You "
                "choose where your words may stand, under which name, and until when."
            ),
            link,
            _(
                "You can change them or take them back on the same page at any time; they are "
                "gone at once. Saying nothing is fine, and nobody asks again."
            ),
            _("Thank you, %(centre)s") % words,
        ]
        return _("A few words for others?"), "\n\n".join(said)
