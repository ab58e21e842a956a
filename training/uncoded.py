"""News, and other prose, whose events nobody has coded: what a teacher reads for its student.

What is measured is not among them: the parts kept for it, dispatches that are kept, own gold's
other parts, the example press.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from evaluation.conllu import read_conllu
from evaluation.event_data import records
from evaluation.pages import gold_pages

#: Sentences of one corpus that make a text together.
TOGETHER = 4
#: Longer texts are cut into parts at paragraphs' ends.
LONGEST = 4000
_TOKEN = re.compile(r'sentence="(\d+)"[^>]*>([^<]*)<')


def texts(data: Path, rng: random.Random) -> Iterator[str]:
    """News of several corpora and GUM's prose of all kinds: about 9,000 texts."""
    for path in sorted((data / "attribution/polnear/train/text").glob("*.txt")):
        yield path.read_text("utf-8")
    for name, key, count in (("event_location", "text", 6000), ("satp", "news", 1500)):
        found = list(dict.fromkeys(r[key] for r in records(data, name, "train", key)))
        rng.shuffle(found)
        for i in range(0, min(count, len(found)), TOGETHER):
            yield "\n\n".join(found[i : i + TOGETHER])
    yield from _wires(data, rng)
    with (data / "indicators/india_police/docs.jsonl").open(encoding="utf-8") as f:
        for line in f:
            yield json.loads(line)["doc_text"]
    for path in sorted((data / "stories/ecbplus").rglob("*.xml")):
        yield _tokenised(path.read_text("utf-8"))
    # MUC's reports are in lower case: enough of them to know such, not more.
    with (data / "events/muc4_train.jsonl").open(encoding="utf-8") as f:
        for line in rng.sample(list(f), 400):
            yield json.loads(line)["doctext"]
    for path in sorted((data / "language/gum").glob("*.conllu")):
        yield from cut(read_conllu(path).text)
    for page in gold_pages(data):
        if page.body.count(" the ") > 5:  # the others are not in English
            yield from cut(page.body)


def _wires(data: Path, rng: random.Random) -> Iterator[str]:
    with gzip.open(data / "stories/reuters21578_first_half.jsonl.gz", "rt", encoding="utf-8") as f:
        wires = [json.loads(line) for line in f]
    # Companies' results and takeovers tell of no politics.
    wires = [w for w in wires if w["places"] and not {"earn", "acq"} & set(w["topics"])]
    for wire in rng.sample(wires, min(3000, len(wires))):
        yield wire["title"] + "\n\n" + " ".join(wire["body"].split())


def _tokenised(xml: str) -> str:
    """ECB+'s tokens as a text again."""
    sentences = []
    for _, tokens in groupby(_TOKEN.findall(xml), key=lambda token: token[0]):
        words = [word for _, word in tokens]
        if "http" in words[:1]:  # the page's address
            continue
        sentence = re.sub(r" ([.,;:!?%)\]’]|'s\b|n't\b)", r"\1", " ".join(words))
        sentences.append(re.sub(r"([(\[$£‘]) ", r"\1", sentence))
    return " ".join(sentences)


def cut(text: str) -> Iterator[str]:
    """A text's parts of at most ``LONGEST`` characters, if its paragraphs allow it."""
    while len(text) > LONGEST:
        end = text.rfind("\n", 1, LONGEST)
        end = end if end > 0 else LONGEST
        yield text[:end]
        text = text[end:].lstrip()
    if text:
        yield text
