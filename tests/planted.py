"""Invented news in which private persons are planted in every way a text can hold them.

Nobody here is anybody; telephone numbers are of ranges kept for fiction. ``PRIVATE`` must not
be seen by others in any capitals, with or without diacritics; ``PUBLIC`` must stay.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from sayso.intake import article_of
from sayso.records import Actor, Participant, Place, Reading, Rejection, Signal, Span
from tests.invented import event, spot, statement

DOCKER = """DOCKER ZDENĚK HRUŠKA FOUND DEAD AT THE OLD MOLE

By Tomas Lindqvist

TESSIN, 6 May (Tide) - A docker, Zdeněk Hruška, 44, was found dead on Monday near the old mole, \
police spokeswoman Dana Whitlock said. Hruška’s sister, Aoife O’Brien, had reported him missing.

“He was afraid of nobody,” O’Brien said. “Zdeněk’s boots were still by the door.” She lives at \
27 Lark Lane with her son Teuvo, 9; she can be reached at aoife.obrien@post.example or on \
+44 7700 900123.

Prime Minister Alva Renquist called the death “a shame for the port”. Renquist’s spokesman, Per \
Hallgren, said an inquiry had begun. Ilo Brandt, chairman of the Pilots’ Union, wants an answer.

The user @hruska_friends wrote: “#JusticeForHruska now”. Another account, night_owl77, put up \
Zdeněk Hruška's address, Hauptstraße 12.

More: https://tide.example/2031/05/zdenek-hruska and https://tide.example/p/Zden%C4%9Bk-Hru%C5%A1ka
"""

DETAINED = """Agents take the baker Quintanilla from her shop

Agents arrested the baker María José Quintanilla de la Peña and two pupils, Nguyễn Thị Lan Hương, \
16, and Jean-Pierre d’Estrange, on Tuesday, their lawyer, Amara Okafor, said.

Quintanilla’s husband, Mehmet Yıldırım, told reporters that he had been sent from office to \
office. “Ask Mrs Quintanilla herself,” an officer told Yıldırım. Yildirim laughed. Jean-Pierre \
had only carried water. MARÍA JOSÉ QUINTANILLA had no lawyer at first.

“Lan Hương is sixteen,” said a neighbour, Fatima al-Zahrawi. Al-Zahrawi keeps the grocer’s at \
14 Rue de la Gare; call (020) 7946 0958 and ask for Fatima.

Interior Minister Kaspar Ruud denied that anybody was held. Ruud said Quintanilla-led protests \
had been “small”. Professor Ingrid Solheim of the University of Tessin called it unlawful.

Oluwaseun Adéyẹmí, a welder, saw the van. Park Min-ji, who sells tea there, did, too. “They took \
the Quintanillas one by one,” Min-ji said. One of the guards was Sergeant Bo Cresswell; Cresswell \
looked away. Somebody wrote Adéyẹmí's name (علی رضا) on the wall. The family of Herr Müller, whom \
nobody has seen, is told nothing; Müller, 71, walks with a stick."""

FOREIGN = "Le boulanger Étienne Lachapelle a été arrêté lundi à Tessin, selon sa femme."

PRIVATE = (
    "Zdeněk", "Hruška", "Aoife", "O’Brien", "Teuvo", "27 Lark Lane", "post.example",
    "900123", "hruska_friends", "night_owl77", "Hauptstraße 12", "Hru%C5", "Quintanilla",
    "María José", "Nguyễn", "Lan Hương", "Jean-Pierre", "d’Estrange", "Mehmet", "Yıldırım",
    "Fatima", "Zahrawi", "Rue de la Gare", "7946", "Oluwaseun", "Adéyẹmí", "Park", "Min-ji",
    "Cresswell", "علی", "Müller", "Lachapelle",
)  # fmt: skip
PUBLIC = (
    "Tomas Lindqvist", "Dana Whitlock", "Alva Renquist", "Renquist’s spokesman", "Per Hallgren",
    "Ilo Brandt", "Pilots’ Union", "TESSIN", "Amara Okafor", "Kaspar Ruud", "Ruud said",
    "Ingrid Solheim", "University of Tessin",
)  # fmt: skip


def plain(text: str) -> str:
    """Text in which a name is looked for: without capitals, diacritics and apostrophes."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    return "".join(sign for sign in letters if not unicodedata.combining(sign) and sign not in "'’")


def leaks(text: str) -> list[str]:
    """The private strings that a text shows."""
    where = plain(text)
    return [name for name in PRIVATE if plain(name) in where]


@cache
def readings() -> tuple[Reading, ...]:
    """Three articles, the last in another language, with statements and events by hand."""
    return _docker(), _detained(), _foreign()


def _docker() -> Reading:
    told = article_of(
        {
            "text": DOCKER,
            "title": "DOCKER ZDENĚK HRUŠKA FOUND DEAD AT THE OLD MOLE",
            "outlet": "Tessin Tide",
            "url": "https://tide.example/2031/05/docker-zdenek-hruska-obrien",
            "published": "2031-05-06",
            "language": "en",
            "id": "archive/hruska/1.txt",
        }
    )

    def at(words: str, nth: int = 0) -> tuple[Span]:
        return (spot(told.text, words, nth),)

    quote = statement(
        told,
        at("O’Brien", 1),
        at("said", 1),
        (*at("“He was afraid of nobody,”"), *at("“Zdeněk’s boots were still by the door.”")),
        kind="direct",
        source_class="named",
        speaker=Actor("Aoife O’Brien", "sister of Zdeněk Hruška", "Hruška and Sons"),
    )
    call = statement(
        told,
        at("Prime Minister Alva Renquist"),
        at("called"),
        at("the death “a shame for the port”"),
        speaker=Actor("Alva Renquist", "prime minister"),
    )
    hruska = Participant(at("Zdeněk Hruška")[0], "Zdeněk Hruška")
    death = event(told, "ASSAULT", at("found dead")[0], recipients=(hruska,))
    fear = event(
        told,
        "ACCUSE",
        at("afraid")[0],
        actors=(Participant(at("O’Brien", 1)[0], "Aoife O’Brien", "XTS", ("CVL",)),),
        recipients=(hruska,),
        place=Place(at("Hruška’s")[0], "Hruška", 99, "Hruška County", "XTS", 1.0, 2.0, "place"),
        attribution=quote.id,
    )
    door = event(
        told,
        "COERCE",
        at("still by")[0],
        place=Place(at("old mole", 0)[0], "old mole", reason="ambiguous: Hruška, Lower Tessin"),
        factuality="denied",
        statement=quote.id,
    )
    # Of the name alone, of a part of it, and from inside it on.
    signs = tuple(
        Signal(f"signal-{n}", told.id, "deaths", "up", span, None, "happened", 0.5)
        for n, span in enumerate(
            (at("Hruška,")[0], at("ruš")[0], (at("Hruška, 44")[0][0] + 2, at("near the")[0][1]))
        )
    )
    return Reading(told, (quote, call), (death, fear, door), signs)


def _detained() -> Reading:
    told = article_of(
        {
            "text": DETAINED,
            "outlet": "Tessin Tide",
            "url": "https://tide.example/2031/05/quintanillas-arrest",
            "published": "2031-05-07",
            "language": "en",
        }
    )

    def at(words: str, nth: int = 0) -> tuple[Span]:
        return (spot(told.text, words, nth),)

    asked = statement(
        told,
        at("an officer"),
        at("told Yıldırım"),
        at("“Ask Mrs Quintanilla herself,”"),
        kind="direct",
        source_class="unnamed",
        role="officer who knows Quintanilla",
    )
    small = statement(
        told,
        at("Ruud", 1),
        at("said", 2),
        at("Quintanilla-led protests had been “small”"),
        speaker=Actor("Kaspar Ruud", "interior minister"),
    )
    refusal = Rejection(told.id, "reading", "cannot tell who Min-ji is")
    return Reading(told, (asked, small), rejections=(refusal,))


def _foreign() -> Reading:
    told = article_of(
        {
            "text": FOREIGN,
            "title": "Étienne Lachapelle arrêté",
            "outlet": "La Marée",
            "published": "2031-05-08",
            "language": "fr",
        }
    )
    reason = "not read: its language is 'fr', only English is read"
    return Reading(told, rejections=(Rejection(told.id, "language", reason),))
