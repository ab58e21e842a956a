"""Closed classes of English that the constructions of signals need.

Function words and a few hundred common verbs: enough to see where a noun phrase ends and
whether a word is predicated of it, without a tagger. What a text is *about* stands in the
codebook, never here. All words are lower-case, with straight apostrophes.
"""

from __future__ import annotations

from collections.abc import Sequence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DETERMINERS = _words(
    """the a an this that these those its his her their our my your some any every each no all both
    such another"""
)
PREPOSITIONS = _words(
    """of at in among amongst for from to on across within inside between with around near against
    towards toward by under over throughout outside into onto about behind beyond along through"""
)
#: These begin something that has nothing to do with the noun's own extent.
BREAKS = _words(
    """that which who whom whose where when while as because since after before until till if
    although though but or than so unless whether during despite amid per he she they it we i you
    there then what how why yet nor following without"""
)
BE = _words("be is are was were been being am")
HAVE = _words("have has had having")
DO = _words("do does did")
MODALS = _words("will would may might can could shall should must")
#: What one of these tells is no fact.
UNSURE = MODALS - {"must"}
AUXILIARIES = BE | HAVE | DO | MODALS
#: Verbs that join a subject to what it is like, in all forms.
COPULAS = _words(
    """remain remains remained remaining stand stands stood standing lie lies lay lain lying sit
    sits sat sitting stay stays stayed look looks looked appear appears appeared seem seems seemed
    become becomes became becoming getting turn turned go goes went gone going run runs ran running
    prove proved feel feels felt left shot crept came come edged inched ticked kept"""
)
LINKS = _words(
    """begin begins began begun beginning start starts started starting continue continues continued
    continuing keep keeps kept keeping"""
)
GOING_ON = _words("continue continues continuing keep keeps keeping")
EXPECTED = _words(
    """expected likely set due forecast projected predicted feared bound poised liable threatening
    threaten threatens tending tend"""
)
TOLD = _words("said reported believed thought understood reportedly known estimated")
ADVERBS = _words(
    """also now still even again already further too very quite rather so as much far more less
    half almost nearly well just only once often never longer not to ever steadily since then
    here there today"""
)
#: How much, how long, compared with what; only behind a verb: *is at an all-time low*.
AMOUNTS = _words(
    """at by in a an the its their this last past free sharp steep third thirds quarter quarters
    two three four five least most all but about somewhat on average first time per cent percent %
    level year month week day down up historic all-time"""
)
NEGATIONS = _words("not never nor neither cannot")
PARTICLES = _words("up down off out away back")
QUOTES = frozenset("\"“”„«»‘’'‹›")
#: "The number of desertions": what is told of the number is told of the desertions.
MEASURES = _words(
    """number numbers level levels rate rates amount amounts share proportion count tally figures
    scale volume cost costs ranks pool wave waves stream percentage price prices"""
)
CRISES = _words("crisis crises epidemic emergency")
#: Behind the noun these are as good: *a desertion problem*.
WOES = CRISES | _words("problem problems woes")
FRACTIONS = _words(
    """half third thirds quarter quarters most many some several dozens scores hundreds part much
    all few majority percent cent %"""
)
NUMBERS = _words("one two three four five six seven eight nine ten a")
TIME = _words(
    """recent last past this next monday tuesday wednesday thursday friday saturday sunday january
    february march april may june july august september october november december years months
    weeks days year month week day"""
)
#: Common verbs; a noun phrase does not reach over them.
VERBS = (
    _words(
        """said says say saying told tell tells saw see sees made make makes took take takes came
        went gave give gives got get gets found find finds led lead leads held hold holds brought
        bring brings wrote write writes spoke speak speaks knew know knows put hit hits meant mean
        means showed shows show sparked forced forces raises worries shook shakes leaves leaving let
        keeps kept thought thinks think began begins paid pay pays sent sends set won lost met
        sought reports warns blames adds notes claims insists denies describes calls wants needs
        seeks prompts causes reflects suggests threatens follows became becomes drew draws cast
        helped helps reached hurts hurt shut stood stands lay sat ran runs faced faces
        expects expect"""
    )
    | BE
    | HAVE
)
#: "High school attendance" tells nothing of attendance's height.
FIXED = {
    "high": _words("school schools court command commissioner street profile level tech ranking"),
    "low": _words("income level paid cost ranking key"),
    "heavy": _words("weapons industry artillery"),
    "poor": _words("people families households farmers countries neighbourhoods"),
    "full": _words("time scale service"),
    "mass": _words("media transit"),
    "large": _words("scale"),
    "record": _words("company label"),
}
#: "Leaving the posts empty", "with prices rising".
LEAVING = _words("leave leaves left leaving find finds found finding with amid saw seen")
_NO_ADVERBS = _words(
    """rally family supply assembly ally reply fly bully monopoly italy july anomaly elderly
    friendly early daily weekly monthly yearly quarterly orderly costly deadly lonely ugly holy"""
)
_CLOSED = (
    DETERMINERS
    | PREPOSITIONS
    | BREAKS
    | AUXILIARIES
    | NEGATIONS
    | PARTICLES
    | _words("and now also still again already here today")
)
_ENDS = BREAKS | AUXILIARIES | VERBS | COPULAS


def closed(word: str) -> bool:
    """Whether a word is a function word, so no part of a compound noun."""
    return word in _CLOSED or word.endswith("n't")


def adverb(word: str) -> bool:
    """Whether a word is an adverb in -ly."""
    return word.endswith("ly") and word not in _NO_ADVERBS


def follows_verb(low: Sequence[str], i: int, place: int) -> bool:
    """Whether a determiner at ``i`` shows that the word before it, behind ``place``, is a verb.

    *Crowds at the rallies worry the police.*
    """
    if low[i] not in DETERMINERS or i - 1 <= place:
        return False
    if low[i] in ("this", "each", "every", "that") and i + 1 < len(low) and low[i + 1] in TIME:
        return False
    return low[i - 1][0].isalpha() and not closed(low[i - 1])


def is_verb_in_ed(low: Sequence[str], i: int) -> bool:
    """Whether a word in -ed does not stand before a noun."""
    return low[i].endswith("ed") and low[i - 1] not in DETERMINERS | PREPOSITIONS


def extent(low: Sequence[str], place: int) -> int:
    """The last word of the phrase of a noun at ``place``: *attendance at evening services*."""
    end = place
    for i in range(place + 1, min(len(low), place + 12)):
        word = low[i]
        if word in QUOTES and goes_on(low, i):
            continue
        if (i == place + 1 and word not in PREPOSITIONS) or _ends_phrase(low, i):
            break
        if follows_verb(low, i, place):
            return end if end < i - 1 else _last_content(low, place, i - 2)
        if word not in PREPOSITIONS and word not in DETERMINERS:
            end = i
    return end


def _ends_phrase(low: Sequence[str], i: int) -> bool:
    word = low[i]
    if ends_subject(low, i) or word == "and" or word.endswith("n't") or adverb(word):
        return True
    if word in TIME:
        # "In recent years", but "at Sunday mass".
        return low[i - 1] not in ("at", "of") and (
            low[i - 1] in PREPOSITIONS or low[i - 1] in DETERMINERS
        )
    return word in DETERMINERS and i + 1 < len(low) and low[i + 1] in TIME


def ends_subject(low: Sequence[str], i: int) -> bool:
    """Whether a subject cannot go on with the word at ``i``."""
    word = low[i]
    if not word[0].isalnum() or word in _ENDS or is_verb_in_ed(low, i):
        return True
    # "… by requiring them to …"
    return word in ("by", "for") and i + 1 < len(low) and low[i + 1].endswith("ing")


def goes_on(low: Sequence[str], i: int) -> bool:
    """Whether a quotation mark opens within a phrase, or is a plural's apostrophe."""
    before = low[i - 1]
    if before in PREPOSITIONS or before in DETERMINERS:
        return True
    after = low[i + 1] if i + 1 < len(low) else ""
    return low[i] in "'’" and before.endswith("s") and after.isalpha()


def _last_content(low: Sequence[str], place: int, last: int) -> int:
    while last > place and (closed(low[last]) or not low[last][0].isalnum()):
        last -= 1
    return last


def object_end(low: Sequence[str], place: int) -> int:
    """The last word of what follows a verb."""
    end = place
    for i in range(place + 1, min(len(low), place + 7)):
        word = low[i]
        if word in QUOTES and goes_on(low, i):
            continue
        if not word[0].isalnum() or word in BREAKS or word in AUXILIARIES or word == "and":
            break
        if word in TIME or is_verb_in_ed(low, i):
            break
        if word not in PREPOSITIONS and word not in DETERMINERS:
            end = i
    return end
