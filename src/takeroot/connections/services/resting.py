"""Asking no more than somebody can bear, and asking all the same with a reason."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.common.errors import Refused
from takeroot.common.text import tidy
from takeroot.connections.models import Connector
from takeroot.connections.models_shared import ExtraRequest
from takeroot.connections.resting import rests


def check_rested(*, connector: Connector) -> None:
    """Raises Refused when a Connector was asked often enough."""
    centre = connector.centre
    day = timezone.localdate(timezone=centre.zone)
    rest = rests([connector], centre=centre, day=day).get(connector.pk)
    if rest is not None:
        raise Refused(
            _("%(name)s is not asked now. %(why)s You can ask all the same on their page.")
            % {"name": connector.person.party.name, "why": rest.words}
        )


@transaction.atomic
def ask_all_the_same(*, connector: Connector, reason: str, by: Actor) -> ExtraRequest:
    """The coordinator allows one more request, and says why; it is kept. A rest that another
    centre's request brought cannot be set aside."""
    row = Connector.objects.select_for_update(no_key=True, of=("self",)).get(pk=connector.pk)
    words = tidy(reason)[:300]
    if not words:
        raise Refused(_("Say why they are asked all the same; it is kept."))
    day = timezone.localdate(timezone=row.centre.zone)
    rest = rests([row], centre=row.centre, day=day).get(row.pk)
    if rest is None:
        raise Refused(_("%(name)s does not rest.") % {"name": row.person.party.name})
    if rest.by_another:
        raise Refused(rest.words)
    extra = ExtraRequest(centre=row.centre, connector=row, on=day, reason=words, by_id=by.party)
    extra.save(force_insert=True)
    return extra
