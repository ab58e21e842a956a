"""Who speaks: pronouns and short names resolved, on GUM's news and on the project's own gold.

Spans are given, speakers are asked for. On GUM the sources are the subjects of reporting
verbs and of the clauses that its discourse trees mark as attribution; the answer is the
fullest proper name of the source's gold coreference cluster.
"""

from __future__ import annotations

import hashlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evaluation import own
from evaluation.conllu import Document, Token, read_conllu
from sayso.reading.lexicon import class_of, is_pronoun
from sayso.reading.quotes import quotations, quoted_parts
from sayso.records import Actor, Article, Attribution, Spans
from sayso.resolving import resolve_speakers

Figures = dict[str, Any]

#: Parts of GUM's news that are "dev": GUM's own division cannot be told from the files.
DEV_SHARE = 3

_REPORTING = frozenset(
    """say tell add ask write note claim state argue insist warn explain announce declare report
    reply admit deny believe think confirm predict urge describe suggest acknowledge allege
    comment conclude estimate express observe promise recall remark respond tweet call accuse
    criticize hope indicate maintain mention point reveal stress testify voice vow want""".split()
)
_TITLES = frozenset(
    """mr mrs ms dr prof president minister prime secretary general sir professor senator
    director chief king queen prince the us""".split()
)
#: A study or a result is a document, which has no speaker.
_SPEAKING = frozenset({"person", "organization", "place"})


@dataclass(frozen=True)
class Case:
    """One source to resolve: ``pronoun`` or ``short`` with its answer, ``unnamed`` with none."""

    kind: str
    attribution: str
    answer: str | None  # spellings of it are parted by "|"


@dataclass(frozen=True)
class Task:
    """One text, its attributions without speakers, and what is asked."""

    name: str
    article: Article
    attributions: tuple[Attribution, ...]
    cases: tuple[Case, ...]


def evaluate(data: Path | None, split: str = "dev", *, show: bool = False) -> Figures:
    """Accuracy in percent by corpus and kind of source, and how many of each there were.

    ``unnamed`` is the share of sources without a name in the text that wrongly got one.
    With ``show`` each error is printed.
    """
    corpora = {"own": own_tasks(split)}
    if data is not None and (data / "language/gum").is_dir():
        corpora["gum"] = gum_tasks(data, split)
    figures: Figures = {}
    for name, tasks in corpora.items():
        figures |= {f"{name}_{key}": value for key, value in _measured(tasks, name, show).items()}
    return figures


def measure(data: Path | None, split: str, _weights: Path | None) -> Figures:
    """As ``evaluation.measures`` calls it."""
    return evaluate(data, split)


def _measured(tasks: Iterable[Task], corpus: str, show: bool) -> Figures:  # noqa: FBT001 - private
    right: dict[str, list[bool]] = {"pronoun": [], "short": [], "unnamed": []}
    for task in tasks:
        quoted = quotations(task.article.text)
        found = {a.id: a for a in resolve_speakers(task.article, task.attributions, quoted)}
        for case in task.cases:
            item = found[case.attribution]
            good = _right(case, item.speaker, corpus)
            right[case.kind].append(good)
            if show and not good:
                _print(task, case, item)
    resolved = right["pronoun"] + right["short"]
    return {
        "speakers": _percent(resolved),
        "pronouns": _percent(right["pronoun"]),
        "short_names": _percent(right["short"]),
        "unnamed_with_speaker": round(100 - _percent(right["unnamed"]), 2),
        **{f"{kind}_cases": len(rows) for kind, rows in right.items()},
    }


def _right(case: Case, speaker: Actor | None, corpus: str) -> bool:
    name = speaker.name if speaker else None
    if case.answer is None or name is None:
        return case.answer == name
    if corpus == "own":
        return own._same_name(name, case.answer)  # noqa: SLF001 - one rule for both measures
    return any(_same_person(name, answer) for answer in case.answer.split("|"))


def _percent(rows: list[bool]) -> float:
    return round(100 * sum(rows) / len(rows), 2) if rows else 100.0


def _print(task: Task, case: Case, item: Attribution) -> None:
    text = task.article.text
    shown = " … ".join(text[s:e] for s, e in item.source)
    at = item.source[0][0]
    context = text[max(0, at - 220) : at] + "[[" + text[at : at + 80]
    given = item.speaker.name if item.speaker else None
    print(f"{task.name} {case.kind}: {shown!r} -> {given!r}, not {case.answer!r}")
    print("    " + context.replace("\n", " / "))


# The project's own gold


def own_tasks(split: str) -> list[Task]:
    """The gold with speakers taken away, and of pronouns their class too."""
    return [_own_task(text) for text in own.load(split)]


def _own_task(text: own.Coded) -> Task:
    article = Article.create(text.text, language="en")
    cases = []
    for gold in text.attributions:
        shown = _shown(text.text, gold.source)
        name = (gold.speaker or {}).get("name")
        if gold.speaker is None and gold.source_class == "unnamed" and shown:
            cases.append(Case("unnamed", gold.id, None))
        elif name and is_pronoun(shown):
            cases.append(Case("pronoun", gold.id, name))
        elif name and name.lower() not in shown.lower():
            cases.append(Case("short", gold.id, name))
    attributions = tuple(_without_speaker(article, gold) for gold in text.attributions)
    return Task(text.name, article, attributions, tuple(cases))


def _without_speaker(article: Article, gold: own.Gold) -> Attribution:
    shown = _shown(article.text, gold.source)
    # What a pronoun stands for is what is asked: its gold class would tell.
    known = class_of(shown) if is_pronoun(shown) else None
    return Attribution(
        id=gold.id,
        article_id=article.id,
        source=gold.source,
        cue=gold.cue,
        content=gold.content,
        kind=gold.kind,
        act=gold.act,
        source_class=known.name if known else gold.source_class,
        role=None,
        collective=known.collective if known else gold.collective,
        verbatim=quoted_parts(gold.content, quotations(article.text)),
        speaker=None,
        parent=gold.parent,
        confidence=1.0,
    )


def _shown(text: str, spans: Spans) -> str:
    return " ".join(text[start:end] for start, end in spans)


# GUM


def gum_tasks(data: Path, split: str, genre: str = "news") -> list[Task]:
    """GUM documents of a genre as tasks; the third with the lowest name hashes is dev."""
    tasks = []
    for path in sorted((data / "language/gum").glob(f"GUM_{genre}_*.conllu")):
        part = "dev" if hashlib.sha256(path.stem.encode()).digest()[0] % DEV_SHARE == 0 else "train"
        if split in (part, "all"):
            tree = data / "attribution/gum_news_rst" / f"{path.stem}.rs4"
            tasks.append(_gum_task(path, tree))
    return tasks


def _gum_task(path: Path, tree: Path) -> Task:
    document = read_conllu(path)
    article = Article.create(document.text, language="en")
    satellites = _satellites(tree) if tree.is_file() else set()
    names = _cluster_names(document)
    attributions: list[Attribution] = []
    cases: list[Case] = []
    for index, token in enumerate(document.tokens):
        if token.deprel != "nsubj" or not _reports(document, token, index, satellites):
            continue
        item = _attribution(article, document, index)
        attributions.append(item)
        case = _case(document, index, names, item.id)
        if case:
            cases.append(case)
    return Task(path.stem, article, _nested(attributions), tuple(cases))


def _reports(document: Document, token: Token, index: int, satellites: set[int]) -> bool:
    verb = document.tokens[token.head] if token.head >= 0 else None
    clause = verb is not None and any(
        t.head == token.head and t.deprel in ("ccomp", "parataxis")
        for t in _sentence(document, token.sentence)
    )
    return index in satellites or bool(verb and verb.lemma in _REPORTING and clause)


def _sentence(document: Document, number: int) -> Iterator[Token]:
    return (t for t in document.tokens if t.sentence == number)


def _attribution(article: Article, document: Document, subject: int) -> Attribution:
    """The subject's widest mention, its verb, and the rest of the sentence."""
    tokens = document.tokens
    first, last = _mention_of(document, subject)
    verb = tokens[subject].head
    sentence = [i for i, t in enumerate(tokens) if t.sentence == tokens[subject].sentence]
    left = [i for i in sentence if i < min(first, verb)]
    right = [i for i in sentence if i > max(last, verb)]
    inside = _subtree(tokens, verb, sentence)
    content = tuple(
        (tokens[part[0]].start, tokens[part[-1]].end)
        for part in ([i for i in left if i in inside], [i for i in right if i in inside])
        if part
    )
    source = ((tokens[first].start, tokens[last].end),)
    cue = ((tokens[verb].start, tokens[verb].end),)
    known = class_of(_shown(article.text, source))
    return Attribution(
        id=Attribution.identify(article.id, source, cue, content),
        article_id=article.id,
        source=source,
        cue=cue,
        content=content,
        kind="indirect",
        act="say",
        source_class=known.name,
        role=known.role,
        collective=known.collective,
        verbatim=quoted_parts(content, quotations(article.text)),
        speaker=None,
        parent=None,
        confidence=1.0,
    )


def _subtree(tokens: list[Token], root: int, sentence: list[int]) -> set[int]:
    inside = {root}
    for _ in range(len(sentence)):
        more = {i for i in sentence if tokens[i].head in inside} - inside
        if not more:
            break
        inside |= more
    return inside


def _nested(attributions: list[Attribution]) -> tuple[Attribution, ...]:
    """Each with the smallest attribution as parent whose content holds its source and cue."""
    result = []
    for item in attributions:
        around = [
            (end - start, other.id)
            for other in attributions
            if other is not item
            for start, end in other.content
            if start <= min(item.source[0][0], item.cue[0][0])
            and max(item.source[0][1], item.cue[0][1]) <= end
        ]
        result.append(replace(item, parent=min(around)[1]) if around else item)
    return tuple(result)


def _case(document: Document, subject: int, names: dict[int, str], item: str) -> Case | None:
    first, last = _mention_of(document, subject)
    clusters = [c for c, a, b in document.mentions if (a, b) == (first, last)]
    token = document.tokens[subject]
    if not clusters or document.kinds[clusters[0]] not in _SPEAKING:
        return None
    answer = names.get(clusters[0])
    if answer is None:
        person = document.kinds[clusters[0]] == "person"
        return Case("unnamed", item, None) if person and token.upos in ("PRON", "NOUN") else None
    if first == last and token.upos == "PRON":
        return Case("pronoun", item, answer)
    shown = {t.form.lower() for t in document.tokens[first : last + 1]}
    fullest = set(_plain(answer.split("|")[0]))
    return None if fullest <= shown else Case("short", item, answer)


def _mention_of(document: Document, subject: int) -> tuple[int, int]:
    """The widest mention whose head the subject is, else the subject itself."""
    spans = [
        (a, b)
        for _, a, b in document.mentions
        if a <= subject <= b and not a <= document.tokens[subject].head <= b
    ]
    return max(spans, key=lambda s: s[1] - s[0], default=(subject, subject))


def _cluster_names(document: Document) -> dict[int, str]:
    """Each cluster's fullest proper name, by words; spellings of one length joined by "|"."""
    names: dict[int, list[str]] = {}
    for cluster, first, last in document.mentions:
        name = _proper_name(document.tokens, first, last)
        known = names.setdefault(cluster, [])
        longer = len(_plain(name)) - len(_plain(known[0]) if known else [])
        if name and longer > 0:
            names[cluster] = [name]
        elif name and longer == 0 and name not in known:
            known.append(name)
    return {cluster: "|".join(known) for cluster, known in names.items() if known}


def _proper_name(tokens: list[Token], first: int, last: int) -> str:
    """The run of proper nouns at a mention's head, or that its head noun is a title of."""
    heads = [i for i in range(first, last + 1) if not first <= tokens[i].head <= last]
    if not heads:
        return ""
    head = heads[0]
    if tokens[head].upos != "PROPN":
        flat = [
            i
            for i in range(first, last + 1)
            if tokens[i].upos == "PROPN"
            and tokens[i].head == head
            and tokens[i].deprel.startswith(("flat", "appos"))
        ]
        if not flat:
            return ""
        head = flat[-1]
    start = end = head
    while start > first and tokens[start - 1].upos == "PROPN":
        start -= 1
    while end < last and _name_goes_on(tokens, end, last):
        end += 1
    return " ".join(t.form for t in tokens[start : end + 1]).replace(" - ", "-")


def _name_goes_on(tokens: list[Token], end: int, last: int) -> bool:
    if tokens[end + 1].upos == "PROPN":
        return True
    joined = tokens[end + 1].lemma in ("of", "for", "and", "'s", "-")
    return joined and end + 2 <= last and tokens[end + 2].upos == "PROPN"


def _plain(name: str) -> list[str]:
    words = re.findall(r"[^\W_]+(?:[-'’][^\W_]+)*", name.lower())
    return [word for word in words if word not in _TITLES] or words


def _same_person(given: str, answer: str) -> bool:
    """One name holds all words of the other, and two of them unless the fuller has but one."""
    one, other = set(_plain(given)), set(_plain(answer))
    return (one <= other or other <= one) and len(one & other) >= min(2, len(other))


def _satellites(tree: Path) -> set[int]:
    """Token indices inside the clauses that attribute."""
    inside: set[int] = set()
    at = 0
    for segment in ET.parse(tree).getroot().iter("segment"):  # noqa: S314 - a corpus file
        count = len((segment.text or "").split())
        if segment.get("relname", "").startswith("attribution"):
            inside |= set(range(at, at + count))
        at += count
    return inside
