"""What an answer by letter clearly says; whatever is not clear goes to a person.

Precision before recall. A text is cut into clauses, and one of them has to say it in whole, in
words that stand in the lists below; what else stands in the text must then be greetings, or at
least hold none of the words that turn a sentence around («but», «next», «not», a question).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MOST_WORDS, MOST_EXTRA_WORDS = 60, 25
LONGEST_AGO = timedelta(days=60)


class Said(StrEnum):
    """What somebody says; stored as the meaning of the letter that came in."""

    MET = "met"
    NOT_MET = "not_met"
    YES = "yes"
    NO = "no"
    NEVER = "never"
    UNCLEAR = ""


@dataclass(frozen=True)
class Understood:
    """What an answer says, and the day it names («yesterday»); None: it names none.
    `more`: it says something else besides, which a person has to read."""

    said: Said
    day: date | None = None
    more: bool = False


UNCLEAR = Understood(Said.UNCLEAR)

_WEEKDAYS = {
    name: number
    for words in (
        "monday tuesday wednesday thursday friday saturday sunday",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
    )
    for number, name in enumerate(words.split())
}
_MONTHS = {
    name: number
    for words in (
        "january february march april may june july august september october november december",
        "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    )
    for number, name in enumerate(words.split(), 1)
}
_W, _M = "|".join(_WEEKDAYS), "|".join(_MONTHS)
_DAY = (
    r"(?:yesterday|today|this (?:morning|afternoon|evening)|last night|hier(?: soir| matin)?|"
    r"aujourd'hui|ce matin|cet apres-midi|ce soir|avant-hier|the day before yesterday|"
    rf"(?:(?:on|this|le|ce) )?(?:{_W})(?: (?:morning|afternoon|evening|matin|soir|apres-midi))?|"
    rf"(?:on )?(?:(?:{_W}) )?(?:{_M}) \d{{1,2}}(?:st|nd|rd|th)?|"
    rf"(?:on )?(?:the )?\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_M})|"
    rf"(?:le )?(?:(?:{_W}) )?(?:le )?\d{{1,2}}(?:er)? (?:{_M})|(?:on |le )?\d{{4}}-\d\d-\d\d)"
    r"(?: (?:at|a|vers|around) \d{1,2}(?: ?h ?(?:\d\d)?|:\d\d)?(?: ?[ap]m)?)?"
)
_WHERE = (
    r"(?: (?:in person|online|by video|by phone|by telephone|on (?:zoom|teams)|over (?:coffee|"
    r"tea|"
    r"lunch|zoom|teams|video)|for (?:a )?(?:coffee|tea|lunch|breakfast)|(?:at|in) (?:the |a )?"
    r"(?:(?:town |public )?library|cafe|coffee shop|office|tim hortons|restaurant|hospital)|"
    r"en personne|en ligne|par video|par telephone|sur (?:zoom|teams)|autour d'un cafe|"
    r"pour un cafe|(?:au|dans un) (?:cafe|bureau|restaurant)|a la bibliotheque))?"
)
_WHOM = r"(?: (?:with )?(?:him|her|them|each other|NAME))?"

# Says it in whole, whatever was asked.
_MET = (
    rf"(?:yes )?(?:{_DAY} )?(?:we|we both|NAME and i|i and NAME) (?:have |'ve )?"
    rf"(?:just |already |finally )?(?:met|did meet)(?: up)?{_WHOM}{_WHERE}(?: {_DAY})?{_WHERE}",
    rf"(?:yes )?(?:{_DAY} )?i (?:have |'ve )?(?:just |already |finally )?met (?:with )?NAME"
    rf"{_WHERE}(?: {_DAY})?{_WHERE}",
    rf"(?:yes )?we (?:had|have had) (?:our|a|a good|a great|a nice) (?:meeting|conversation|talk|"
    rf"chat|coffee)(?: together)?{_WHERE}(?: {_DAY})?",
    rf"(?:yes )?(?:the|our) (?:meeting|conversation) (?:took place|happened){_WHERE}(?: {_DAY})?",
    rf"(?:oui )?(?:{_DAY} )?(?:nous nous sommes|on s'est|nous nous etions|"
    rf"NAME et moi nous sommes) "
    rf"(?:bien |deja |enfin )?(?:rencontre|vu)e?s?{_WHERE}(?: {_DAY})?{_WHERE}",
    rf"(?:oui )?(?:{_DAY} )?(?:j'ai|nous avons) (?:bien |deja |enfin )?(?:rencontre|vu) NAME"
    rf"{_WHERE}(?: {_DAY})?{_WHERE}",
    rf"(?:oui )?(?:la|notre) (?:rencontre|conversation) a (?:bien )?eu lieu{_WHERE}(?: {_DAY})?",
    rf"(?:oui )?nous avons eu (?:notre|une|une bonne|une belle) (?:rencontre|conversation)"
    rf"{_WHERE}(?: {_DAY})?",
)
_NOT_MET = (
    r"(?:no )?(?:we|NAME and i) (?:have not|haven't|did not|didn't) (?:yet )?(?:met|meet)"
    rf"{_WHOM}(?: yet)?",
    r"(?:no )?(?:we|i) (?:have not|haven't) (?:yet )?(?:been able|managed) to meet(?: NAME)?"
    r"(?: yet)?",
    r"(?:no )?i (?:have not|haven't|did not|didn't) (?:yet )?(?:met|meet) NAME(?: yet)?",
    r"(?:no )?(?:the|our) (?:meeting|conversation) (?:did not|didn't) (?:take place|happen)",
    r"(?:he|she|they|NAME) (?:did not|didn't) (?:come|show up|turn up)",
    r"(?:non )?(?:nous ne nous sommes|on ne s'est|on s'est|nous nous sommes) pas (?:encore )?"
    r"(?:rencontre|vu)e?s?",
    r"(?:non )?je n'ai pas (?:encore )?(?:rencontre|vu) NAME",
    r"(?:non )?nous n'avons pas (?:encore )?pu nous (?:rencontrer|voir)",
    r"(?:non )?(?:la|notre) rencontre n'a pas (?:encore )?eu lieu",
    r"(?:il|elle|NAME) n'est pas venue?",
)
# Says it only in answer to «did you meet?».
_MET_ASKED = (
    r"yes|yes we did|we did|yes it did|(?:yes )?it went (?:very |really )?(?:well|great)|"
    r"yes yesterday|oui|oui c'est fait|c'est fait|(?:oui )?(?:ca|"
    r"cela) s'est (?:tres )?bien passe|"
    r"oui hier",
)
_NOT_MET_ASKED = (
    r"no|not yet|no not yet|no we didn't|no we did not|we did not|we didn't",
    r"non|pas encore|non pas encore",
)
# «May we introduce you?»
_HAPPY = r"(?:very |so )?(?:happy|glad|pleased|delighted)"
_THEM = r"(?: (?:him|her|them|this person|you both))?"
_YES = (
    r"yes|yes please|(?:yes )?please do|yes of course|yes sure|sure|of course|gladly|"
    r"yes gladly|absolutely|"
    r"(?:yes )?with pleasure|(?:yes )?certainly|i accept|i agree|yes i agree",
    rf"(?:yes )?(?:i would|i'd|i will|i'll) be {_HAPPY} to(?: (?:meet|help|talk to|"
    rf"speak with){_THEM})?",
    rf"(?:yes )?(?:i am |i'm )?{_HAPPY} to (?:meet|help|talk to|speak with){_THEM}",
    r"(?:yes )?(?:please )?(?:do )?(?:introduce us|introduce me|go ahead)",
    r"(?:yes )?you (?:may|can) introduce (?:us|me)",
    r"oui|oui merci|oui bien sur|bien sur|oui certainement|certainement|volontiers|"
    r"oui volontiers|"
    r"(?:oui )?avec (?:grand )?plaisir|j'accepte|oui j'accepte|oui d'accord|d'accord|allez-y|"
    r"oui allez-y|tout a fait",
    r"(?:oui )?(?:ce|ca) serait avec plaisir",
    r"(?:oui )?(?:je serais|je serai|je suis) (?:tres )?(?:heureux|heureuse|ravie?|contente?) de "
    r"(?:(?:la|le|les) )?(?:rencontrer|aider)(?: cette personne)?",
    r"(?:oui )?vous pouvez (?:nous|me) presenter|(?:oui )?presentez-nous",
)
_NO = (
    r"no|no thank you|no thanks|no sorry|sorry no|i decline|i must decline|i have to decline|"
    r"(?:no )?(?:i would|i'd) (?:rather|prefer) not(?: to)?|i prefer not to|please do not|"
    r"please don't",
    r"(?:no )?(?:i am|i'm) not interested|not interested",
    r"(?:no )?i (?:do not|don't) want to(?: be introduced)?|(?:no )?(?:i am|"
    r"i'm) not able to help",
    r"non|non merci|non desolee?|je decline|pas interessee?|"
    r"(?:non )?je ne suis pas interessee?|(?:non )?je prefere (?:pas|ne pas|refuser|decliner)|"
    r"(?:non )?je prefererais (?:pas|ne pas)|"
    r"(?:non )?je ne (?:souhaite|veux|desire) pas(?: etre presentee?)?",
)
_NEVER = (
    r"unsubscribe|stop|remove me(?: from (?:your|this) list)?|(?:please )?(?:do not|don't|never) "
    r"(?:write|contact|email)(?: to)? ?(?:me)?(?: again| any ?more)?|"
    r"(?:please )?stop writing(?: to me)?",
    r"ne m'ecrivez plus(?: jamais)?|desabonnement|desabonnez-moi|retirez-moi(?: de (?:votre|"
    r"cette) "
    r"liste)?|(?:s'il vous plait )?ne me contactez plus(?: jamais)?|cessez de m'ecrire",
)
_GREETING = (
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|bonjour|bonsoir|salut|cher|"
    r"chere|"
    r"madame|monsieur)(?: [\w'-]+){0,3}",
    r"(?:many )?(?:thanks|thank you|merci)(?: (?:so much|very much|a lot|again|beaucoup|bien|"
    r"encore|"
    r"infiniment))?(?: (?:for|de|pour) (?:asking|everything|your (?:help|letter|message|email)|"
    r"the introduction|arranging (?:it|this)|tout|votre (?:aide|lettre|message|courriel)|"
    r"la presentation|demander|this|the (?:letter|message)))?",
    r"(?:best|kind|warm)?(?: )?(?:regards|wishes)|best|cheers|sincerely|yours(?: truly|"
    r" sincerely)?|"
    r"take care|have a (?:good|great|nice) (?:day|week|weekend|evening)|all the best",
    r"(?:bien )?cordialement|bien a vous|salutations(?: distinguees)?|amicalement|"
    r"bonne (?:journee|soiree|semaine|fin de semaine)|au plaisir|a vous",
    r"it was (?:very |really |so )?(?:nice|good|great|helpful|useful|interesting|wonderful|"
    r"a pleasure)|"
    r"(?:c'etait|ce fut) (?:tres |vraiment )?(?:bien|utile|agreable|interessant|super|"
    r"un plaisir)",
)
# Words that may turn a sentence around, or ask for something that a person has to see.
_TURNS = re.compile(
    r"\?|n't\b|\b(?:not|no|never|nor|neither|but|however|although|though|if|unless|maybe|perhaps|"
    r"probably|possibly|think|guess|hope|almost|nearly|yet|still|later|next|soon|tomorrow|"
    r"will|would|"
    r"could|should|might|cannot|cancel\w*|postpone\w*|resched\w*|wrong|else|another|other|"
    r"instead|except|"
    r"before|until|only|unsure|forgot\w*|missed|sorry|unfortunately|wait\w*|wants?|wish|"
    r"plan\w*|suppose\w*|"
    r"please|need\w*|send|problem\w*|uncomfortable|strange|rude|complain\w*|stop|afraid|"
    r"inappropriate|"
    r"accident\w*|chance|years? ago|months? ago|dream\w*|ne|pas|non|jamais|ni|aucune?|mais|"
    r"cependant|toutefois|pourtant|peut-etre|probablement|crois|pense|espere|presque|encore|"
    r"bientot|"
    r"demain|prochaine?|tard|annul\w*|report\w*|remis\w*|sauf|autre|plutot|avant|attend\w*|"
    r"desolee?|"
    r"oubli\w*|malheureusement|faudrait|voudrai\w*|pourrai\w*|aimerai\w*|sera|serai|allons|vais|"
    r"devons|doit|dois|veux|veut|s'il|si|besoin|envoyez|probleme\w*|deplacee?|mal|plainte|"
    r"arretez|"
    r"hasard|dommage|mean|going to|are meeting|meet|whatever|rencontrons|il y a|quelqu'un|"
    r"somebody|someone|by mistake|erreur|mistake|already know|"
    r"connais|know)\b"
)
_HARMLESS_SIGNS = set("🙂😊😀😃😄👍🙏☺❤")


def _plain(text: str) -> str:
    """Lower case without accents; one kind of apostrophe, one space."""
    text = text.replace("’", "'").replace("`", "'").casefold()
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare.replace("\ufe0f", "")


def _clauses(text: str) -> list[str]:
    """The text in pieces, at every sign that may end a thought."""
    pieces = re.split(r"[.!;,:\n()…]+|\s[–—-]+\s|[–—]", text)
    return [" ".join(piece.split()).strip("\"«» '") for piece in pieces if piece.strip("\"«» '-")]


def _matcher(patterns: Iterable[str], names: Iterable[str]) -> re.Pattern[str]:
    known = "|".join(re.escape(_plain(name)) for name in names if name) or r"(?!)"
    whole = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(whole.replace("NAME", f"(?:{known})"))


def _says(clauses: list[str], table: dict[Said, re.Pattern[str]]) -> tuple[Said, list[str]]:
    """The one thing that clauses say in whole, and the clauses that say something else."""
    found: set[Said] = set()
    rest = []
    for clause in clauses:
        said = {meaning for meaning, pattern in table.items() if pattern.fullmatch(clause)}
        found |= said
        if not said and not _is_frame(clause):
            rest.append(clause)
    return (next(iter(found)) if len(found) == 1 else Said.UNCLEAR), rest


_FRAME = re.compile("|".join(f"(?:{pattern})" for pattern in (*_GREETING, _DAY)))


# «Yes. Friday.» may well be a day to come.
_AHEAD = re.compile(rf"(?!yesterday|hier|last night){_DAY}")


def _is_frame(clause: str) -> bool:
    """Greetings, thanks, a day by itself."""
    return bool(_FRAME.fullmatch(clause))


def _readable(text: str) -> list[str] | None:
    """The clauses of a text short and plain enough to be understood; None otherwise."""
    plain = _plain(text)
    strange = {c for c in plain if unicodedata.category(c) == "So"} - _HARMLESS_SIGNS
    if strange or "?" in plain or len(plain.split()) > MOST_WORDS:
        return None
    clauses = _clauses("".join(c for c in plain if unicodedata.category(c) != "So"))
    return clauses or None


def _without_signature(clauses: list[str]) -> list[str]:
    """The last clause is a name when it has one to three words that say nothing."""
    last = clauses[-1]
    if len(clauses) > 1 and len(last.split()) <= 3 and not _TURNS.search(last):
        return clauses[:-1]
    return clauses


def meaning_of_meeting(
    text: str, *, today: date, asked: bool, names: Iterable[str] = (), booked: date | None = None
) -> Understood:
    """What an answer says of a meeting. `asked`: the letter asked whether they met, so that «yes»
    says it. `names`: how the other person may be called. `booked`: the day that was booked."""
    clauses = _readable(text)
    if clauses is None:
        return UNCLEAR
    names = list(names)
    whole = {Said.MET: _matcher(_MET, names), Said.NOT_MET: _matcher(_NOT_MET, names)}
    said, rest = _says(clauses, whole)
    bare_yes = said == Said.UNCLEAR and asked
    if bare_yes:
        wider = {
            Said.MET: _matcher((*_MET, *_MET_ASKED), names),
            Said.NOT_MET: _matcher((*_NOT_MET, *_NOT_MET_ASKED), names),
        }
        said, rest = _says(clauses, wider)
        rest = [one for one in rest if one in _without_signature(clauses)]
        if rest or any(_AHEAD.fullmatch(one) for one in clauses):
            return UNCLEAR
    elif said != Said.UNCLEAR:
        bare = _matcher((*_MET_ASKED, *_NOT_MET_ASKED), names)
        contrary = _MET_ASKED if said == Said.NOT_MET else _NOT_MET_ASKED
        against = _matcher(contrary, names)
        if any(against.fullmatch(one) for one in rest):
            return UNCLEAR
        rest = [one for one in rest if not bare.fullmatch(one)]
    if said == Said.UNCLEAR or any(_TURNS.search(one) for one in rest):
        return UNCLEAR
    if said == Said.NOT_MET:
        rest = [one for one in rest if one in _without_signature(clauses)]
        return UNCLEAR if rest else Understood(said)
    if sum(len(one.split()) for one in rest) > MOST_EXTRA_WORDS:
        return UNCLEAR
    more = bool([one for one in rest if one in _without_signature(clauses)])
    return _with_day(clauses, today=today, booked=booked, more=more)


def _with_day(clauses: list[str], *, today: date, booked: date | None, more: bool) -> Understood:
    """MET, on the day that is named; unclear when two days are, or one that cannot be."""
    named = [found for one in clauses for found in re.findall(rf"\b{_DAY}", one)]
    days = {_day_of(words, today=today, booked=booked) for words in named}
    if not days:
        return Understood(Said.MET, more=more)
    day = days.pop()
    if days or day is None or not today - LONGEST_AGO <= day <= today:
        return UNCLEAR
    return Understood(Said.MET, day, more)


def _day_of(words: str, *, today: date, booked: date | None) -> date | None:
    """The latest day that words can mean, from today backwards."""
    if "day before" in words or "avant-hier" in words:
        return today - timedelta(days=2)
    if "yesterday" in words or words.startswith(("hier", "last night")):
        return today - timedelta(days=1)
    if found := re.search(r"(\d{4})-(\d\d)-(\d\d)", words):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    month = next((n for name, n in _MONTHS.items() if re.search(rf"\b{name}\b", words)), None)
    number = re.search(r"\b(\d{1,2})(?:st|nd|rd|th|er)?\b(?! ?(?:h|:|am|pm))", words)
    if month and number:
        return _latest(month, int(number[1]), today)
    weekday = next((n for name, n in _WEEKDAYS.items() if re.search(rf"\b{name}\b", words)), None)
    if weekday is None:
        return today
    if (
        booked is not None
        and booked.weekday() == weekday
        and timedelta(0) <= today - booked <= timedelta(9)
    ):
        return booked
    return today - timedelta(days=(today.weekday() - weekday) % 7)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _latest(month: int, day: int, today: date) -> date | None:
    """That day of this year, or of the year before when it has not come yet (New Year)."""
    found = _date(today.year, month, day)
    if found is not None and found > today and (found - today).days > 180:
        return _date(today.year - 1, month, day)
    return found


def meaning_of_question(text: str) -> Understood:
    """What a contact answers to «may we introduce you?». A yes opens details both ways: every
    clause has to be known."""
    clauses = _readable(text)
    if clauses is None:
        return UNCLEAR
    table = {
        Said.YES: _matcher(_YES, ()),
        Said.NO: _matcher(_NO, ()),
        Said.NEVER: _matcher(_NEVER, ()),
    }
    found: set[Said] = set()
    kept = clauses if len(clauses) == 1 else _without_signature_of(clauses, table)
    for clause in kept:
        said = {meaning for meaning, pattern in table.items() if pattern.fullmatch(clause)}
        if not said and not _is_frame(clause) and clause not in ("sorry", "desole", "desolee"):
            return UNCLEAR
        found |= said
    if found == {Said.NO, Said.NEVER}:
        return Understood(Said.NEVER)
    if "sorry" in clauses and Said.YES in found:
        return UNCLEAR
    return Understood(next(iter(found))) if len(found) == 1 else UNCLEAR


def _without_signature_of(clauses: list[str], table: dict[Said, re.Pattern[str]]) -> list[str]:
    last = clauses[-1]
    if any(pattern.fullmatch(last) for pattern in table.values()):
        return clauses
    return _without_signature(clauses)
