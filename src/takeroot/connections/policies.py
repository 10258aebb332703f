"""What the Connector Program owes: how long each thing may take, and what then happens.

The figures are defaults that a centre may change (days until due); the ladders are the same
everywhere, so that what people are told beforehand is true everywhere.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from takeroot.promises.enums import Act, PromiseKind
from takeroot.promises.policies import Policy, Rung

THE_CENTRE = _("the centre")
THE_CONNECTEE = _("the Connectee")
THE_CONNECTOR = _("the Connector")
ONE_OF_THE_TWO = _("whoever was offered times")
_STAYS = _(
    "It stays on Today, marked late, and after some days the coordinators are reminded by letter."
)


# Told to whoever applies or offers to help, on pages that anybody may read: one number for all.
ANSWER_DAYS = "answer_days"


def _of_the_centre(
    kind: PromiseKind, days: int, *, remind_after: int = 3, setting: str = ""
) -> Policy:
    ladder = (Rung(remind_after, Act.REMIND),)
    return Policy(kind, kind.label, THE_CENTRE, days, ladder, _STAYS, setting)


FOR_THE_CENTRE = (
    Policy(
        PromiseKind.SIGN_READINESS,
        PromiseKind.SIGN_READINESS.label,
        THE_CENTRE,
        7,
        (Rung(7, Act.REMIND),),
        _("After %(last)d days we write to the person: they are not forgotten, only late."),
        ANSWER_DAYS,
    ),
    _of_the_centre(PromiseKind.DECIDE_ROUND, 7),
    _of_the_centre(PromiseKind.SEND_INTRODUCTION, 3),
    _of_the_centre(PromiseKind.CALL, 3),
    _of_the_centre(PromiseKind.ASK_BY_PHONE, 3),
    _of_the_centre(PromiseKind.LOOK_AGAIN, 7, setting=ANSWER_DAYS),
    _of_the_centre(PromiseKind.ANSWER_CONNECTOR, 7, setting=ANSWER_DAYS),
    _of_the_centre(PromiseKind.READ_THANKS, 7),
    _of_the_centre(PromiseKind.CHOOSE_ANOTHER, 7),
    _of_the_centre(PromiseKind.FIX_ADDRESS, 3),
    _of_the_centre(PromiseKind.READ_REPLY, 2, remind_after=1),
    _of_the_centre(PromiseKind.READ_WORDS, 7),
    _of_the_centre(PromiseKind.LOOK_AFTER, 1, remind_after=1),
    _of_the_centre(PromiseKind.CLOSE_YEAR, 42, remind_after=7),
)

BOOK_MEETING = Policy(
    PromiseKind.BOOK_MEETING,
    PromiseKind.BOOK_MEETING.label,
    THE_CONNECTEE,
    14,
    (Rung(-7, Act.REMIND), Rung(0, Act.REMIND), Rung(3, Act.OTHER_WAY), Rung(14, Act.CLOSE)),
    _(
        "If no times are proposed within %(days)d days, we remind you, then call you; after "
        "%(last)d days the introduction ends, without blame, and you stay in the programme."
    ),
)
ANSWER_TIMES = Policy(
    PromiseKind.ANSWER_TIMES,
    PromiseKind.ANSWER_TIMES.label,
    ONE_OF_THE_TWO,
    7,
    (Rung(-4, Act.REMIND), Rung(0, Act.OTHER_WAY), Rung(4, Act.REASSIGN)),
    _(
        "If we hear nothing within %(days)d days, we offer you another way to answer; after "
        "%(last)d days somebody else is asked."
    ),
)
LOG_MEETING = Policy(
    PromiseKind.LOG_MEETING,
    PromiseKind.LOG_MEETING.label,
    THE_CONNECTEE,
    3,
    (Rung(0, Act.REMIND), Rung(4, Act.REMIND), Rung(7, Act.OTHER_WAY), Rung(21, Act.CLOSE)),
    _(
        "If nobody says how the meeting went, we ask both of you, then call; after %(last)d days "
        "it counts as unknown, never as held."
    ),
)
REFER = Policy(
    PromiseKind.REFER,
    PromiseKind.REFER.label,
    THE_CONNECTOR,
    21,
    (Rung(-7, Act.REMIND), Rung(0, Act.REMIND), Rung(7, Act.OTHER_WAY), Rung(21, Act.CLOSE)),
    _(
        "We remind you twice within %(days)d days, then call once; after %(last)d days we stop "
        "asking. “I cannot name more” is an answer too."
    ),
)
REFER_ON = Policy(
    PromiseKind.REFER_ON,
    PromiseKind.REFER_ON.label,
    _("a contact who said yes"),
    21,
    (Rung(0, Act.REMIND), Rung(14, Act.CLOSE)),
    _("We remind you once, after %(days)d days; after %(last)d days we stop asking."),
)
# One message to a contact and no more: the law on unsolicited mail, and good manners. What ends
# the wait is the deletion of the address (the centre's own number of days).
ANSWER_REFERRAL = Policy(
    PromiseKind.ANSWER_REFERRAL,
    PromiseKind.ANSWER_REFERRAL.label,
    _("a contact who was named"),
    14,
    (),
    _("Nobody is reminded: no answer means no, and the address is deleted."),
)
ANSWER_SHARED = Policy(
    PromiseKind.ANSWER_SHARED,
    PromiseKind.ANSWER_SHARED.label,
    THE_CONNECTOR,
    7,
    (Rung(-3, Act.REMIND), Rung(7, Act.CLOSE)),
    _(
        "We remind you once; after %(last)d days no answer means no, and nobody asks you again "
        "within the month."
    ),
)
DECIDE_JURY = Policy(
    PromiseKind.DECIDE_JURY,
    PromiseKind.DECIDE_JURY.label,
    _("a juror"),
    14,
    (Rung(0, Act.REMIND), Rung(14, Act.CLOSE)),
    _(
        "We remind you once, after %(days)d days; after %(last)d days we stop asking, and the "
        "others decide."
    ),
)
MEET_ACROSS = Policy(
    PromiseKind.MEET_ACROSS,
    PromiseKind.MEET_ACROSS.label,
    THE_CONNECTEE,
    21,
    (Rung(-11, Act.REMIND), Rung(0, Act.REMIND), Rung(7, Act.OTHER_WAY), Rung(28, Act.CLOSE)),
    _(
        "If nobody says how it went, we ask you twice, then call; after %(last)d days it counts as "
        "unknown, never as held."
    ),
)
REFER_ACROSS = Policy(
    PromiseKind.REFER_ACROSS,
    PromiseKind.REFER_ACROSS.label,
    THE_CONNECTOR,
    21,
    (Rung(-7, Act.REMIND), Rung(0, Act.REMIND), Rung(21, Act.CLOSE)),
    _(
        "We remind you twice; after %(last)d days we stop asking. “I know nobody who fits” is an "
        "answer too."
    ),
)
RATE_AFTER = Policy(
    PromiseKind.RATE_AFTER,
    PromiseKind.RATE_AFTER.label,
    THE_CONNECTEE,
    14,
    (Rung(0, Act.REMIND), Rung(14, Act.CLOSE)),
    _("We ask once more, after %(days)d days, and then no more. Nothing depends on your answer."),
)
STILL_MEET = Policy(
    PromiseKind.STILL_MEET,
    PromiseKind.STILL_MEET.label,
    THE_CONNECTEE,
    7,
    (Rung(0, Act.REMIND), Rung(4, Act.CLOSE)),
    _(
        "If we hear nothing within %(last)d days, the introduction ends with thanks to your "
        "Connector."
    ),
)
UPDATE_PROFILE = Policy(
    PromiseKind.UPDATE_PROFILE,
    PromiseKind.UPDATE_PROFILE.label,
    _("the person"),
    14,
    (Rung(0, Act.REMIND), Rung(7, Act.OTHER_WAY), Rung(21, Act.CLOSE)),
    _(
        "If we hear nothing within %(last)d days, you are not proposed in rounds until you "
        "answer; nothing is deleted."
    ),
)
