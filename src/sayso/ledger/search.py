"""Full-text search beside the ledger: derived from it, and rebuilt or caught up when behind.

The index notes the snapshot it was made from. It may lag behind an add that is under way
in another process, never for longer than that add's next commit and this search.
"""

# ruff: noqa: S608 - names and constants are put together; values are always parameters.

from __future__ import annotations

import json
import re
import shutil
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import tantivy

from sayso.errors import LedgerBusyError, LedgerError
from sayso.ledger.lock import write_lock
from sayso.ledger.store import NAME
from sayso.records import Article

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sayso.ledger.store import Store
    from sayso.pseudonyms import Pseudonyms
    from sayso.records import Span, Spans

FORMAT = 1
"""To be raised whenever the index's fields change: an older index is then made anew."""
SNIPPET_CHARACTERS = 240
_HEAP_BYTES = 64_000_000
_BATCH_ROWS = 1000
_FIELDS = ["title", "text"]
_WORDS = "words"


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that a search found.

    Attributes:
        score: BM25; compares only within one search.
        snippet: the part of the text that fits best, empty if only the title fits.
        span: where the snippet stands in the article's text, code points, end exclusive.
        marks: the words found, as spans of the snippet.
    """

    article_id: str
    score: float
    title: str | None
    outlet: str | None
    snippet: str
    span: Span
    marks: Spans


class Hits(tuple[Hit, ...]):  # noqa: SLOT001 - a tuple of any length takes no slots
    """One page of hits, best first, with the number of all of them as ``total``."""

    total: int

    def __new__(cls, hits: Iterable[Hit] = (), total: int = 0) -> Self:
        """A page of a result of ``total`` hits."""
        made = super().__new__(cls, hits)
        made.total = total
        return made


class SearchIndex:
    """The index of one ledger's articles. Safe for threads.

    Args:
        pseudonyms: index the articles as others may see them, in a folder of its own: what
            was replaced can neither be shown nor found, nor is it told that it would be.
    """

    def __init__(self, store: Store, pseudonyms: Pseudonyms | None = None) -> None:
        self._store = store
        self._pseudonyms = pseudonyms
        self._folder = store.folder.shared_search if pseudonyms else store.folder.search
        self._format = [FORMAT, pseudonyms.version] if pseudonyms else FORMAT
        self._guard = threading.Lock()
        self._index: Any = None

    def search(
        self, query: str, *, limit: int = 50, offset: int = 0, outlet: str | None = None
    ) -> Hits:
        """Articles in which all words of the query stand, best first.

        ``"several words"`` in quotation marks stand together, ``-word`` must not stand,
        ``OR`` lets one suffice; a query that does not parse is taken word for word.

        Raises:
            LedgerError: the index can neither be read nor made.
        """
        if not query.strip():
            return Hits()
        with self._guard:
            self._catch_up()
            index = self._index
        searcher = index.searcher()
        try:
            parsed, found = _find(index, searcher, query, outlet, (limit, offset))
        except ValueError:
            # Its signs ask for what the index has not, such as ranges: take the words alone.
            words = " ".join(re.findall(r"\w+", query))
            parsed, found = _find(index, searcher, words, outlet, (limit, offset))
        snippets = tantivy.SnippetGenerator.create(searcher, parsed, index.schema, "text")
        snippets.set_max_num_chars(SNIPPET_CHARACTERS)
        hits = (_hit(score, searcher.doc(place), snippets) for score, place in found.hits[:limit])
        return Hits(hits, found.count or 0)

    def update(self) -> None:
        """Catch up with the ledger now, rather than at the next search."""
        with self._guard:
            self._catch_up()

    def behind(self) -> int:
        """How many articles the index does not know yet."""
        query = "SELECT count(*) FROM articles WHERE snapshot_id > ?"
        return int(self._store.fetch(query, [self._noted()])[0][0].as_py())

    def _catch_up(self) -> None:
        folder = self._folder
        exists = self._open()
        if exists and self._noted() == self._snapshot():
            return
        try:
            folder.mkdir(exist_ok=True)
            # Another process that is catching up does it for us; but without any index we wait.
            with write_lock(folder / ".lock", wait=0 if exists else 120):
                self._write()
        except LedgerBusyError:
            if not exists:
                raise
        except (OSError, ValueError) as error:
            raise LedgerError(f"the search index {folder} cannot be written: {error}") from error

    def _open(self) -> bool:
        """Open the index, or see anew what another process wrote; False if there is none."""
        try:
            if self._index is None and (self._folder / "meta.json").exists():
                self._index = _with_words(tantivy.Index.open(str(self._folder)))
            if self._index is not None:
                self._index.reload()
        except ValueError:
            self._index = None
        return self._index is not None and self._noted() >= 0

    def _write(self) -> None:
        if not self._open():
            self._make()
        snapshot = self._snapshot()
        noted = self._noted()
        self._append(-1 if noted > snapshot else noted, snapshot)
        if self._index.searcher().num_docs != self._count(snapshot):
            self._append(-1, snapshot)
        state = self._folder / "state.json"
        draft = state.with_suffix(".new")
        draft.write_text(json.dumps({"format": self._format, "snapshot": snapshot}))
        draft.replace(state)

    def _make(self) -> None:
        folder = self._folder
        for entry in folder.iterdir():
            if entry.name != ".lock":
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        self._index = _with_words(tantivy.Index(_schema(), path=str(folder)))

    def _append(self, since: int, until: int) -> None:
        """Index the articles of the snapshots after ``since``; with -1, anew from the first."""
        writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        if since < 0:
            writer.delete_all_documents()
        for row in self._articles(since, until):
            # A commit may have come just before a kill, without its note.
            if since >= 0:
                writer.delete_documents_by_term("id", row["id"])
            writer.add_document(tantivy.Document(**{k: v for k, v in row.items() if v is not None}))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def _articles(self, since: int, until: int) -> Iterator[dict[str, Any]]:
        columns = "*" if self._pseudonyms else "id, title, text, outlet"
        query = (
            f"SELECT {columns} FROM articles AT (VERSION => {until}) WHERE snapshot_id > {since}"
        )
        with self._store.cursor() as cursor:
            for batch in cursor.execute(query).to_arrow_reader(_BATCH_ROWS):
                yield from map(self._indexed, batch.to_pylist())

    def _indexed(self, row: dict[str, Any]) -> dict[str, Any]:
        if self._pseudonyms is None:
            return row
        article = self._pseudonyms.article(Article.from_row(row))
        return {name: getattr(article, name) for name in ("id", "title", "text", "outlet")}

    def _snapshot(self) -> int:
        return int(self._store.fetch(f"FROM {NAME}.current_snapshot()")[0][0].as_py())

    def _count(self, snapshot: int) -> int:
        query = f"SELECT count(*) FROM articles AT (VERSION => {snapshot})"
        return int(self._store.fetch(query)[0][0].as_py())

    def _noted(self) -> int:
        """The snapshot that the index was made from, -1 if it is none of ours."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            state = json.loads((self._folder / "state.json").read_text())
            if state["format"] == self._format:
                return int(state["snapshot"])
        return -1


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("outlet", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", stored=True, tokenizer_name=_WORDS)
    # Stored, so that a page of hits needs no look-up in the ledger: 8 ms for all of it.
    builder.add_text_field("text", stored=True, tokenizer_name=_WORDS)
    return builder.build()


def _with_words(index: Any) -> Any:
    """The index, knowing how texts become words: stems, without case and diacritics."""
    analyzer = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(64))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )
    index.register_tokenizer(_WORDS, analyzer)
    return index


def _find(
    index: Any, searcher: Any, query: str, outlet: str | None, page: tuple[int, int]
) -> tuple[Any, Any]:
    """The parsed query and its page of the result."""
    parsed, _ = index.parse_query_lenient(
        query, _FIELDS, field_boosts={"title": 2.0}, conjunction_by_default=True
    )
    wanted = parsed if outlet is None else _within(index, parsed, outlet)
    limit, offset = page
    return parsed, searcher.search(wanted, limit=max(limit, 1), offset=offset)


def _within(index: Any, query: Any, outlet: str) -> Any:
    term = tantivy.Query.term_query(index.schema, "outlet", outlet)
    must = tantivy.Occur.Must
    return tantivy.Query.boolean_query([(must, query), (must, term)])


def _hit(score: float, document: Any, snippets: Any) -> Hit:
    text = document.get_first("text") or ""
    found = snippets.snippet_from_doc(document)
    fragment = found.fragment()
    raw = fragment.encode()
    start = len(text.encode()[: found.fragment_range().start].decode(errors="ignore"))
    marks = tuple(
        (len(raw[: mark.start].decode()), len(raw[: mark.end].decode()))
        for mark in found.highlighted()
    )
    return Hit(
        article_id=document.get_first("id"),
        score=float(score),
        title=document.get_first("title"),
        outlet=document.get_first("outlet"),
        snippet=fragment,
        span=(start, start + len(fragment)),
        marks=marks,
    )
