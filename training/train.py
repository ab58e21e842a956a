"""Fine-tune the encoder with its heads.

    python -m training train --data ../shared/data --out build/run1

Runs on CPU (bf16 autocast) and GPU alike, saves a checkpoint after each pass and
resumes from it.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from evaluation import polnear
from evaluation.attribution import Score
from sayso.reading.decoding import LinkTables, Tables, spans, statements, viterbi
from sayso.reading.labels import (
    ACT_SLICE,
    CLASS_SLICE,
    COLLECTIVE,
    CONTENT_ACT_SLICE,
    LAYERS,
    TAGS,
    TRUNK,
)
from sayso.reading.windows import Segmenter
from training.batches import (
    Batch,
    Coded,
    Example,
    Layer,
    batches,
    code,
    collate,
    examples,
    link_indices,
)
from training.corpora import Document, own_documents, polnear_documents, press_documents
from training.event_corpora import event_texts, own_articles
from training.event_loss import event_loss
from training.model import Links, Reader, is_of_events
from training.settings import Settings
from training.teacher import Teacher


def loss(
    model: Reader, batch: Batch, settings: Settings, device: torch.device, rng: random.Random
) -> Tensor:
    """Of tags, links and labels over all layers, and of the events' heads.

    With ``events_only`` the encoder's shared layers are taken as they are.
    """
    pieces, features = batch.pieces.to(device), batch.features.to(device)
    mask = None if batch.mask is None else batch.mask.to(device)
    rows = batch.rows.to(device).unsqueeze(2)

    def by_word(output: Tensor) -> Tensor:
        return output.float().gather(1, rows.expand(-1, -1, output.shape[2]))

    with torch.autocast(device.type, torch.bfloat16):
        if settings.events_only:
            with torch.no_grad():
                middle = model.encoder.trunk(pieces, features, mask)
            outputs = model.branch(middle, mask)
        else:
            outputs = model(pieces, features, mask)
    events = (*map(by_word, outputs[-4:]), outputs[-3][:, 0].float())
    total = settings.event_weight * event_loss(model, batch, events)
    if settings.events_only:
        return total
    tags, links, labels = map(by_word, outputs[:3])
    for depth in range(LAYERS):
        weight = 1.0 if depth == 0 else settings.nested_weight
        live = batch.word_mask[depth].any(1).to(device)
        if not bool(live.any()):
            continue
        emissions = tags[live, :, depth * len(TAGS) : (depth + 1) * len(TAGS)]
        gold = batch.tags[depth].to(device)[live]
        total = total + 10 * weight * model.crf[depth](
            emissions, gold, batch.word_mask[depth].to(device)[live]
        )
        layers = [(b, e, e.layers[depth]) for b, e in enumerate(batch.examples)]
        total = total + weight * settings.link_weight * link_loss(
            model.links, layers, links, rng, settings.link_drop
        )
        total = total + weight * settings.label_weight * label_loss(layers, labels)
    return total


Layers = list[tuple[int, Example, Layer | None]]


def link_loss(
    links: Links, layers: Layers, vectors: Tensor, rng: random.Random, drop: float
) -> Tensor:
    """Cross-entropy over all contents and cues, a window."""
    losses = []
    for b, example, layer in layers:
        for relation in (0, 1) if layer else ():
            found = link_indices(layer, example.paragraph, relation, rng, drop)
            if found is None:
                continue
            first, second, *buckets, targets = (t.to(vectors.device) for t in found)
            scores = links.scores(relation, vectors[b], first, second, tuple(buckets))
            losses.append(F.cross_entropy(scores, targets, reduction="sum"))
    return torch.stack(losses).sum() / len(layers) if losses else vectors.sum() * 0


def label_loss(layers: Layers, labels: Tensor) -> Tensor:
    """Cross-entropy of act, class and number, each averaged over its span's words, a statement."""
    count = sum(len(layer.acts) for _, _, layer in layers if layer is not None)
    sums = F.pad(labels.cumsum(1), (0, 0, 1, 0))
    total = labels.sum() * 0
    for part in ("classes", "collective"):
        rows = [
            (b, first, last + 1, target, example.label_weight)
            for b, example, layer in layers
            if layer is not None and example.label_weight
            for (first, last), target in zip(
                layer.spans["source"], getattr(layer, part), strict=True
            )
            if target >= 0
        ]
        if not rows:
            continue
        b, first, stop, target = torch.tensor([row[:4] for row in rows], device=labels.device).T
        weight = torch.tensor([row[4] for row in rows], device=labels.device)
        means = (sums[b, stop] - sums[b, first]) / (stop - first).unsqueeze(1)
        total = total + (weight * _label_losses(part, means, target)).sum()
    for b, example, layer in layers:
        if layer is None or not example.label_weight:
            continue
        for cue, contents, act in layer.acts:
            scores = act_scores(labels[b], cue, contents)
            target = torch.tensor(act, device=labels.device)
            total = total + example.label_weight * F.cross_entropy(scores, target)
    # By statements, not by windows: else the labels drown the spans.
    return total / max(count, 1)


def act_scores(
    labels: Tensor, cue: tuple[int, int] | None, contents: list[tuple[int, int]]
) -> Tensor:
    """What cue and content together say of the act."""
    told = torch.cat([labels[a : b + 1, CONTENT_ACT_SLICE] for a, b in contents]).mean(0)
    return told + labels[cue[0] : cue[1] + 1, ACT_SLICE].mean(0) if cue else told


def _label_losses(part: str, means: Tensor, target: Tensor) -> Tensor:
    if part == "classes":
        return F.cross_entropy(means[:, CLASS_SLICE], target, reduction="none")
    return 0.5 * F.binary_cross_entropy_with_logits(
        means[:, COLLECTIVE], target.float(), reduction="none"
    )


def tables(model: Reader) -> Tables:
    """The learned parts of decoding, as reading takes them."""
    starts, moves = crf_tables(model.crf)
    return Tables(starts, moves, link_tables(model.links), link_tables(model.event_links))


def crf_tables(layers: Iterable[Any]) -> tuple[np.ndarray, np.ndarray]:
    """Starts ``(layers, tags)`` and moves ``(layers, from, to)`` of the tag layers' CRFs."""
    parts = zip(*(crf.transitions() for crf in layers), strict=True)
    starts, moves = (torch.stack(part).detach().cpu().numpy() for part in parts)
    return starts, moves


def link_tables(links: Links) -> LinkTables:
    """Links' learned parts of decoding."""
    return LinkTables(
        *(getattr(links, f.name).detach().float().cpu().numpy() for f in fields(LinkTables))
    )


@dataclass(frozen=True)
class Predicted:
    source: list[tuple[int, int]]
    cue: list[tuple[int, int]]
    content: list[tuple[int, int]]


@torch.no_grad()
def evaluate(
    model: Reader, golds: list[tuple[Document, Coded]], segmenter: Segmenter, depth: int = 0
) -> Score:
    """Score one layer, in floating point, with the decoding that is shipped."""
    model.eval()
    device = next(model.parameters()).device
    learned = tables(model)
    score = Score()
    for document, coded in golds:
        predicted = []
        words = coded.words
        for example in examples(coded, segmenter):
            batch = collate([example])
            with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
                tags, links, *_ = model(batch.pieces.to(device), batch.features.to(device))
            rows = example.window.rows
            emissions = tags[0].float().cpu().numpy()[rows]
            emissions = emissions[:, depth * len(TAGS) : (depth + 1) * len(TAGS)]
            vectors = links[0].float().cpu().numpy()[rows]
            (best,) = viterbi([emissions], learned.starts[depth], learned.moves[depth])
            found = spans(best, emissions, example.paragraph)
            low = int(example.window.words[0])
            for item in statements(found, vectors, example.paragraph, learned.links):
                parts = (
                    [(int(words.start[low + s.first]), int(words.end[low + s.last])) for s in part]
                    for part in (item.source, item.cue, item.content)
                )
                predicted.append(Predicted(*parts))
        gold = [s for s in document.statements if s.depth == depth]
        score.add(document.text, gold, predicted)
    return score


def _shared(name: str) -> bool:
    """Whether both branches stand on a parameter."""
    if name.startswith("encoder.layers."):
        return int(name.split(".")[2]) < TRUNK
    return name.startswith("encoder.")


def groups(model: Reader, settings: Settings) -> list[dict]:
    """Parameter groups with their peak rates; the word-piece embeddings are frozen."""
    count = len(model.encoder.layers)
    by_rate: dict[tuple[float, float], list] = {}
    for name, parameter in model.named_parameters():
        frozen = (settings.events_only and not is_of_events(name)) or (
            settings.freeze_trunk and _shared(name)
        )
        if name.startswith("encoder.words") or frozen:
            parameter.requires_grad = False
            continue
        if name.startswith("event_layers."):
            rate = settings.rate
        elif name.startswith("encoder.features") or not name.startswith("encoder."):
            rate = settings.head_rate
        else:
            depth = int(name.split(".")[2]) + 1 if name.startswith("encoder.layers.") else 0
            rate = settings.rate * settings.layer_decay ** (count - depth)
        decay = settings.weight_decay if parameter.dim() > 1 else 0.0
        by_rate.setdefault((rate, decay), []).append(parameter)
    return [
        {"params": p, "lr": rate, "peak": rate, "weight_decay": decay}
        for (rate, decay), p in by_rate.items()
    ]


@dataclass
class _Run:
    model: Reader
    averaged: Reader
    optimizer: torch.optim.Optimizer
    rng: random.Random
    step: int = 0
    passes: int = 0

    def save(self, path: Path, settings: Settings) -> None:
        state = {k: getattr(self, k).state_dict() for k in ("model", "averaged", "optimizer")}
        state |= {"step": self.step, "passes": self.passes, "rng": self.rng.getstate()}
        torch.save({**state, "settings": asdict(settings)}, path)

    def resume(self, path: Path, device: torch.device) -> None:
        saved = torch.load(path, map_location=device, weights_only=False)
        for name in ("model", "averaged", "optimizer"):
            getattr(self, name).load_state_dict(saved[name])
        self.step, self.passes = saved["step"], saved["passes"]
        self.rng.setstate(saved["rng"])


def train(
    data: Path,
    pretrained: Path,
    out: Path,
    settings: Settings,
    *,
    silver: Path | None = None,
    start: Path | None = None,
    teacher: Path | None = None,
) -> None:
    """Train; after each pass save ``out/last.pt`` and add its scores to ``out/log.jsonl``.

    With ``teacher``, the folder of MPNet, a teacher of events is trained on that instead.

    Raises:
        ValueError: a teacher is to learn more than the events.
    """
    if teacher and not settings.events_only:
        raise ValueError("a teacher reads the events only: --events-only 1")
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(settings.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    segmenter = Segmenter.from_file(pretrained / "tokenizer.json")
    golds = [(d, code(d, segmenter)) for d in _first_annotators(data / "attribution/polnear/dev")]
    own = [(d, code(d, segmenter)) for d in own_documents("dev")]
    inner = [(d, code(d, segmenter)) for d in own_documents("dev", inner=True)]
    weak = settings.weak_labels
    documents = polnear_documents(data / "attribution/polnear/train", silver, weak)
    documents += polnear_documents(data / "attribution/polnear/annotator-training")
    corpora = _Corpora(
        [code(document, segmenter) for document in documents],
        _press(segmenter, settings),
        segmenter,
        settings,
        data,
    )

    model: Any = Teacher() if teacher else Reader()
    if teacher:
        model.load_mpnet(teacher / "model.safetensors")
    else:
        model.encoder.load_bert(pretrained / "model.safetensors")
        model.begin_branch()
        if settings.taught:
            model.begin_mimicry()
    model.to(device)
    if start:
        model.start_from(torch.load(start, map_location=device, weights_only=False)["averaged"])
    averaged = deepcopy(model).eval()
    optimizer = torch.optim.AdamW(groups(model, settings), betas=(0.9, 0.98), eps=1e-6)
    run = _Run(model, averaged, optimizer, random.Random(settings.seed))
    steps = len(list(batches(corpora.one_pass(random.Random(0)), settings.pieces)))
    if (out / "last.pt").exists():
        run.resume(out / "last.pt", device)
    while run.passes < settings.passes:
        value = _one_pass(run, corpora.one_pass(run.rng), settings, steps)
        row: dict[str, Any] = {"pass": run.passes, "loss": round(value, 4)}
        row |= (
            {}
            if settings.events_only or not settings.polnear_share
            else {
                "polnear": evaluate(averaged, golds, segmenter).to_dict(),
                "own": [evaluate(averaged, own, segmenter, k).to_dict() for k in range(LAYERS)],
                "inner": evaluate(averaged, inner, segmenter).to_dict(),
            }
        )
        print(json.dumps(row), flush=True)
        with (out / "log.jsonl").open("a") as log:
            log.write(json.dumps({**row, "settings": asdict(settings)}) + "\n")
        run.save(out / "last.pt", settings)


def _one_pass(run: _Run, found: list[Example], settings: Settings, steps: int) -> float:
    run.model.train()
    device = next(run.model.parameters()).device
    started, running, count = time.monotonic(), 0.0, 0
    for count, batch in enumerate(batches(found, settings.pieces, run.rng), start=1):
        progress = min(run.step / (steps * settings.passes), 1.0)
        factor = min(progress / settings.warmup, (1 - progress) / (1 - settings.warmup))
        for group in run.optimizer.param_groups:
            group["lr"] = group["peak"] * max(factor, 1e-4)
        value = loss(run.model, batch, settings, device, run.rng)
        run.optimizer.zero_grad(set_to_none=True)
        value.backward()
        torch.nn.utils.clip_grad_norm_(run.model.parameters(), 1.0)
        run.optimizer.step()
        run.step += 1
        running += float(value.detach())
        if not math.isfinite(running):
            raise FloatingPointError("the loss is no longer finite")
        _average(run, settings)
        if count % 50 == 0:
            pace = (time.monotonic() - started) / count
            where = f"pass {run.passes + 1} step {count}/{steps}"
            print(f"{where} loss {running / count:.3f} {pace:.2f} s a step", flush=True)
    run.passes += 1
    return running / max(count, 1)


@torch.no_grad()
def _average(run: _Run, settings: Settings) -> None:
    decay = min(settings.average, (1 + run.step) / (10 + run.step))
    for kept, new in zip(run.averaged.parameters(), run.model.parameters(), strict=True):
        if new.requires_grad:
            kept.lerp_(new, 1 - decay)


def _first_annotators(folder: Path) -> list[Document]:
    names: dict[str, Document] = {}
    for gold, document in zip(polnear.load(folder), polnear_documents(folder), strict=True):
        names.setdefault(gold.name, document)
    return list(names.values())


def _press(segmenter: Segmenter, settings: Settings) -> list[Coded]:
    """The example press's statements; never its events."""
    documents = press_documents() * settings.repeat_press if settings.repeat_press else []
    if settings.repeat_inner:
        documents += press_documents(inner=True) * settings.repeat_inner
    return [code(document, segmenter) for document in documents]


def _own(segmenter: Segmenter, settings: Settings) -> list[Coded]:
    """Own gold with its events, and its contents as texts."""
    events = own_articles(segmenter)
    whole = [
        replace(code(d, segmenter), events=events[d.name].events if d.name in events else None)
        for d in own_documents("train")
    ]
    inner = own_documents("train", inner=True) * settings.repeat_inner
    return whole * settings.repeat_own + [code(document, segmenter) for document in inner]


@dataclass(frozen=True)
class _Corpora:
    """PolNeAR, of which a share is seen a pass, our own texts, seen all, and the event sets.

    Own gold is read anew for each pass, so that texts written meanwhile are seen from the next on
    (rates still fall by the steps that the first pass had).
    """

    polnear: list[Coded]
    press: list[Coded]
    segmenter: Segmenter
    settings: Settings
    data: Path

    def one_pass(self, rng: random.Random) -> list[Example]:
        share = self.settings.polnear_share
        if self.settings.events_only:
            share = 0.0
        seen = rng.sample(self.polnear, round(len(self.polnear) * share))
        own: list[Coded] = []
        if not self.settings.events_only:
            own = self.press + _own(self.segmenter, self.settings)
        found = [e for coded in seen + own for e in examples(coded, self.segmenter, rng)]
        if self.settings.event_weight:
            for coded in event_texts(self.data, self.segmenter, rng, self.settings):
                found += examples(coded, self.segmenter)
        return found
