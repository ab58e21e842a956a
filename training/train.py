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
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from evaluation import polnear
from evaluation.attribution import Score
from sayso.reading.decoding import Tables, spans, statements, viterbi
from sayso.reading.labels import LINK_ROLES, LINK_SIZE
from sayso.reading.windows import Segmenter
from training.batches import Batch, Coded, batches, code, collate, examples, link_indices
from training.model import Links, Reader


@dataclass(frozen=True)
class Settings:
    """What a run depends on, data and pretrained encoder aside.

    Rates are peak learning rates, decayed linearly to zero after ``warmup`` (a share of
    all steps); ``layer_decay`` lowers the rate a layer from the top down; ``average`` is
    the decay of the weights' exponential moving average.
    """

    passes: int = 8
    pieces: int = 2048
    rate: float = 3e-4
    head_rate: float = 1.5e-3
    layer_decay: float = 0.9
    warmup: float = 0.06
    weight_decay: float = 0.01
    average: float = 0.998
    link_weight: float = 0.25
    train_words: bool = False
    seed: int = 1


def link_loss(links: Links, batch: Batch, vectors: Tensor) -> Tensor:
    """Mean cross-entropy over all contents and cues of a batch."""
    half = len(LINK_ROLES) * LINK_SIZE
    losses = []
    for b, example in enumerate(batch.examples):
        for relation in (0, 1):
            found = link_indices(example, relation)
            if found is None:
                continue
            first, second, distance, between, same, targets = (t.to(vectors.device) for t in found)
            v = vectors[b]

            def ends(index: Tensor, role: int, v: Tensor = v) -> Tensor:
                a = role * LINK_SIZE
                return (
                    v[index[:, 0], a : a + LINK_SIZE]
                    + v[index[:, 1], half + a : half + a + LINK_SIZE]
                )

            queries = ends(first, 2 * relation)
            scale = LINK_SIZE**0.5
            scores = queries @ ends(second, 2 * relation + 1).T / scale
            scores = scores + links.distance[relation][distance] + links.between[relation][between]
            scores = scores + links.paragraph[relation][same]
            none = queries @ links.none[relation] / scale + links.none_bias[relation]
            losses.append(
                F.cross_entropy(torch.cat([scores, none[:, None]], 1), targets, reduction="sum")
                / max(len(batch.examples), 1)
            )
    return torch.stack(losses).sum() if losses else vectors.sum() * 0


def loss(model: Reader, batch: Batch, link_weight: float, device: torch.device) -> Tensor:
    with torch.autocast(device.type, torch.bfloat16):
        mask = None if batch.mask is None else batch.mask.to(device)
        tags, links = model(batch.pieces.to(device), batch.features.to(device), mask)
    rows = batch.rows.to(device).unsqueeze(2)
    emissions = tags.float().gather(1, rows.expand(-1, -1, tags.shape[2]))
    vectors = links.float().gather(1, rows.expand(-1, -1, links.shape[2]))
    word_mask = batch.word_mask.to(device)
    total: Tensor = model.crf(emissions, batch.tags.to(device), word_mask)
    return 10 * total + link_weight * link_loss(model.links, batch, vectors)


def tables(model: Reader) -> Tables:
    starts, moves = model.crf.transitions()
    parts = (starts, moves, model.links.none, model.links.none_bias, model.links.distance)
    parts += (model.links.between, model.links.paragraph)
    return Tables(*(part.detach().float().cpu().numpy() for part in parts))


@dataclass(frozen=True)
class Predicted:
    source: list[tuple[int, int]]
    cue: list[tuple[int, int]]
    content: list[tuple[int, int]]


@torch.no_grad()
def evaluate(model: Reader, golds: list[tuple[polnear.GoldDocument, Coded]], segmenter: Segmenter) -> Score:
    """Score the model, in floating point, with the decoding that is shipped."""
    model.eval()
    device = next(model.parameters()).device
    learned = tables(model)
    score = Score()
    for document, coded in golds:
        predicted = []
        for example in examples(coded, segmenter):
            batch = collate([example])
            with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
                tags, links = model(batch.pieces.to(device), batch.features.to(device))
            rows = example.window.rows
            emissions = tags[0].float().cpu().numpy()[rows]
            vectors = links[0].float().cpu().numpy()[rows]
            best = viterbi(emissions, learned.starts, learned.moves)
            found = spans(best, emissions, example.paragraph)
            at = coded.words, int(example.window.words[0])
            for item in statements(found, vectors, example.paragraph, learned):
                predicted.append(
                    Predicted(
                        *(
                            [
                                (int(at[0].start[at[1] + s.first]), int(at[0].end[at[1] + s.last]))
                                for s in part
                            ]
                            for part in (item.source, item.cue, item.content)
                        )
                    )
                )
        score.add(document.text, document.attributions, predicted)
    return score


def groups(model: Reader, settings: Settings) -> list[dict]:
    """Parameter groups with their peak rates."""
    count = len(model.encoder.layers)
    by_rate: dict[tuple[float, float], list] = {}
    for name, parameter in model.named_parameters():
        if name.startswith("encoder.words"):
            parameter.requires_grad = settings.train_words
            if not settings.train_words:
                continue
        if name.startswith("encoder.layers."):
            depth = int(name.split(".")[2]) + 1
        elif name.startswith("encoder.features"):
            depth = count + 1
        else:
            depth = 0 if name.startswith("encoder.") else None
        if depth is None or depth > count:
            rate = settings.head_rate
        else:
            rate = settings.rate * settings.layer_decay ** (count - depth)
        decay = settings.weight_decay if parameter.dim() > 1 else 0.0
        by_rate.setdefault((rate, decay), []).append(parameter)
    return [
        {"params": p, "lr": rate, "peak": rate, "weight_decay": decay}
        for (rate, decay), p in by_rate.items()
    ]


def train(data: Path, pretrained: Path, out: Path, settings: Settings) -> None:
    """Train, save ``out/last.pt`` each pass, and write a line of scores a pass to ``out/log.jsonl``."""
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(settings.seed)
    rng = random.Random(settings.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    segmenter = Segmenter.from_file(pretrained / "tokenizer.json")
    golds = [
        (group[0], code(group[0], segmenter))
        for group in polnear.by_name(polnear.load(data / "attribution/polnear/dev")).values()
    ]
    documents = polnear.load(data / "attribution/polnear/train")
    documents += polnear.load(data / "attribution/polnear/annotator-training")
    coded = [code(document, segmenter) for document in documents]

    model = Reader().to(device)
    model.encoder.load_bert(pretrained / "model.safetensors")
    averaged = deepcopy(model).eval()
    optimizer = torch.optim.AdamW(groups(model, settings), betas=(0.9, 0.98), eps=1e-6)
    steps_a_pass = len(list(batches(_pass(coded, segmenter, random.Random(0)), settings.pieces)))
    total = steps_a_pass * settings.passes
    step = done = 0
    checkpoint = out / "last.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device, weights_only=False)
        model.load_state_dict(saved["model"])
        averaged.load_state_dict(saved["averaged"])
        optimizer.load_state_dict(saved["optimizer"])
        step, done = saved["step"], saved["passes"]
        rng.setstate(saved["rng"])
    for number in range(done, settings.passes):
        model.train()
        started, running = time.monotonic(), 0.0
        for count, batch in enumerate(
            batches(_pass(coded, segmenter, rng), settings.pieces, rng), start=1
        ):
            progress = min(step / total, 1.0)
            factor = min(progress / settings.warmup, (1 - progress) / (1 - settings.warmup))
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * max(factor, 1e-4)
            value = loss(model, batch, settings.link_weight, device)
            optimizer.zero_grad(set_to_none=True)
            value.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step += 1
            running += float(value.detach())
            decay = min(settings.average, (1 + step) / (10 + step))
            with torch.no_grad():
                for kept, new in zip(averaged.parameters(), model.parameters(), strict=True):
                    if new.requires_grad or kept.data_ptr() != new.data_ptr():
                        kept.lerp_(new, 1 - decay)
            if count % 50 == 0:
                pace = (time.monotonic() - started) / count
                print(f"pass {number + 1} step {count}/{steps_a_pass} loss {running / count:.4f} {pace:.2f} s a step", flush=True)
        row = {"pass": number + 1, "loss": round(running / count, 4), "averaged": evaluate(averaged, golds, segmenter).to_dict()}
        if not math.isfinite(running):
            raise FloatingPointError("the loss is no longer finite")
        print(json.dumps(row), flush=True)
        with (out / "log.jsonl").open("a") as log:
            log.write(json.dumps({**row, "settings": asdict(settings)}) + "\n")
        state = {"model": model.state_dict(), "averaged": averaged.state_dict(), "optimizer": optimizer.state_dict()}
        torch.save({**state, "step": step, "passes": number + 1, "rng": rng.getstate(), "settings": asdict(settings)}, checkpoint)


def _pass(coded: list[Coded], segmenter: Segmenter, rng: random.Random) -> list:
    return [example for one in coded for example in examples(one, segmenter, rng)]
