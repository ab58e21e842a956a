"""One article through every stage, to a Reading. (PROVISIONAL: the lead is writing the real one.)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sayso.records import Article, Attribution, Reading


class Reader:
    """Reads articles; loads the weights at the first use."""

    version = "provisional"

    def read(self, article: Article | Mapping[str, Any]) -> Reading:
        if not isinstance(article, Article):
            from sayso.intake import article_of

            article = article_of(article)
        import re

        found = []
        for m in re.finditer(r"([A-Z]\w+(?: [A-Z]\w+)*) (said|told) ([^.\n]+)", article.text):
            spans = tuple(((m.start(i), m.end(i)),) for i in (1, 2, 3))
            found.append(
                Attribution(
                    Attribution.identify(article.id, *spans), article.id, *spans, "indirect", "say",
                    "named", None, False, (), None, None, 0.5,
                )
            )
        return Reading(article, tuple(found))

    def read_many(self, articles: Iterable[Article | Mapping[str, Any]]) -> Iterator[Reading]:
        for article in articles:
            yield self.read(article)


def read_text(text: str, **known: Any) -> Reading:
    return Reader().read({"text": text, **known})
