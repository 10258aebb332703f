"""What volunteers owe: a renewal of what their centre asks for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from takeroot.promises.enums import Act, PromiseKind
from takeroot.promises.policies import Policy, Rung

# Due on the screening's own last day. The centre is asked to call on that day, not after it.
RENEW_SCREENING = Policy(
    PromiseKind.RENEW_SCREENING,
    PromiseKind.RENEW_SCREENING.label,
    _("a volunteer"),
    60,
    (Rung(-30, Act.REMIND), Rung(-7, Act.REMIND), Rung(0, Act.OTHER_WAY), Rung(30, Act.CLOSE)),
    _(
        "We ask when it is about to end, remind you twice, then call. When it has ended and the "
        "days of grace are over, nobody new is proposed to you until a new one is seen."
    ),
)
