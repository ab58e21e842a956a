"""What every engine must do; a new one subclasses `EngineConformance` and says how it is made."""

from __future__ import annotations

from abc import ABC, abstractmethod

import pyarrow as pa
import pytest

from evaluation.kill import PatternReader, invented_articles
from sayso.engine import Engine, ReadPart, local_engine, reading_schema
from sayso.reader import Reader
from sayso.records import Article, table
from tests.texts import REPORT

ARTICLES = invented_articles(40)


def rows(engine: Engine, articles: list[Article], size: int, reader: Reader) -> list[str]:
    """Everything read in the articles, in parts of this size, as sorted rows."""
    parts = [table(Article, articles[i : i + size]) for i in range(0, len(articles), size)]
    results = list(engine.map_parts(ReadPart(reader), parts, reading_schema()))
    whole = pa.concat_tables([reading_schema().empty_table(), *results])
    return sorted(str(row) for row in whole.to_pylist())


class EngineConformance(ABC):
    """The suite."""

    @abstractmethod
    def engine(self) -> Engine: ...

    @pytest.mark.parametrize("size", [1, 7, 40])
    def test_rows_do_not_depend_on_the_parts(self, size: int) -> None:
        expected = rows(local_engine(1), ARTICLES, 40, PatternReader())
        assert rows(self.engine(), ARTICLES, size, PatternReader()) == expected
        assert len(expected) == len(ARTICLES)

    def test_rows_do_not_depend_on_the_order(self) -> None:
        shuffled = [*ARTICLES[1::2], *ARTICLES[-2::-2]]
        expected = rows(local_engine(1), ARTICLES, 40, PatternReader())
        assert rows(self.engine(), shuffled, 7, PatternReader()) == expected

    def test_parts_stay_in_their_order(self) -> None:
        parts = [table(Article, [article]) for article in ARTICLES]
        results = self.engine().map_parts(ReadPart(PatternReader()), parts, reading_schema())
        ids = [result["article"][0]["id"].as_py() for result in results]
        assert ids == [article.id for article in ARTICLES]

    def test_nothing_gives_nothing(self) -> None:
        assert rows(self.engine(), [], 1, PatternReader()) == []

    def test_the_shipped_reader_reads_the_same(self, reader: Reader) -> None:
        articles = [
            Article.create(REPORT, title="One", language="en"),
            Article.create(REPORT.replace("Monday", "Friday"), language="en"),
            Article.create("Le ministre a dit non.", language="fr"),
        ]
        expected = rows(local_engine(1), articles, 3, reader)
        assert rows(self.engine(), articles[::-1], 1, reader) == expected
        assert "'read': False" in "".join(expected)


class TestSerial(EngineConformance):
    def engine(self) -> Engine:
        return local_engine(1)


class TestProcesses(EngineConformance):
    def engine(self) -> Engine:
        return local_engine(2)
