"""The shelf that others may look at: private names are neither shown nor found."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sayso.records import Article
from sayso.web.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sayso.ledger.search import SearchIndex
    from sayso.records import Reading

_REMEMBERED = 4096


class SharedShelf(Shelf):
    """A shelf with pseudonyms for private names, handles, numbers and addresses."""

    # Who is private, only the whole text tells.
    columns = ", ".join(field.name for field in fields(Article))

    def __init__(self, path: str | Path) -> None:
        super().__init__(path)
        # The folders that lead to a ledger are often named for its owner.
        self.name = self._ledger.path.name
        self._pseudonyms = self._ledger.pseudonyms
        self._known: dict[str, dict[str, Any]] = {}

    def outlets(self) -> list[dict[str, Any]]:
        """Outlets with their numbers of articles; one may be somebody's handle."""
        return [{**row, "outlet": self._contacts(row["outlet"])} for row in super().outlets()]

    def reading(self, article_id: str) -> Reading | None:
        """One article with all that was read in it."""
        reading = super().reading(article_id)
        return self._pseudonyms.reading(reading) if reading else None

    def rejections(self, limit: int) -> list[dict[str, Any]]:
        """Inputs that were not read, under pseudonyms: files are named for whom they tell of."""
        rows = super().rejections(limit)
        articles = self._articles({row["article_id"] for row in rows if row["article_id"]})
        told = []
        for row in rows:
            article, name = articles.get(row["article_id"]), row["input_id"]
            reason = (
                self._pseudonyms.veil(article).remark(row["reason"])
                if article
                else self._pseudonyms.contacts(row["reason"])
            )
            input_id = name if article else self._pseudonyms.of("Input", name)
            told.append({**row, "input_id": input_id, "reason": reason})
        return told

    def _articles(self, ids: Iterable[str]) -> dict[str, Article]:
        query = f"SELECT {self.columns} FROM articles WHERE id IN (SELECT unnest($ids::VARCHAR[]))"  # noqa: S608 - names of columns
        rows = self._ledger.sql(query, {"ids": sorted(ids)}).rows()
        return {row["id"]: Article.from_row(row) for row in rows}

    def _index(self) -> SearchIndex:
        return self._ledger.shared_search

    def _outlet(self, shown: str) -> str | None:
        if not shown:
            return None
        every = (row["outlet"] for row in super().outlets() if row["outlet"])
        # One that no outlet has for what none is shown as.
        nowhere = self._pseudonyms.of("Outlet", shown)
        return next((name for name in every if self._contacts(name) == shown), nowhere)

    def _contacts(self, outlet: str | None) -> str | None:
        return self._pseudonyms.contacts(outlet) if outlet else outlet

    def _told(self, row: dict[str, Any]) -> dict[str, Any]:
        """An article's row as it may be shown; what is replaced is worked out once."""
        shown = self._known.get(row["id"])
        if shown is None:
            article = Article.from_row(row)
            veil = self._pseudonyms.veil(article)
            hidden = veil.article(article)
            shown = {
                "title": hidden.title or hidden.text[:200],
                "unread": veil.remark(row["unread"]) if row["unread"] else None,
                "outlet": hidden.outlet,
            }
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[row["id"]] = shown
        return {**row, **shown}
