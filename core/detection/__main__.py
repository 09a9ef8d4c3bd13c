"""`python -m core.detection explain "<message>"`: what each stage saw, and why it decided."""

import argparse
import asyncio
from pathlib import Path

from core.detection import model
from core.detection.detector import Detector
from core.detection.index import FEATURES
from core.detection.model import MESSAGE_FEATURES
from core.detection.source import DATA, LIBRARY, read_library


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m core.detection", description="Look into detection.")
    commands = parser.add_subparsers(required=True)
    explain = commands.add_parser("explain", help="what each stage sees in a message")
    explain.add_argument("message")
    explain.add_argument("--library", type=Path, default=LIBRARY, help="folder with skills/ and workflows/")
    explain.set_defaults(run=_explain)
    calibrate = commands.add_parser(
        "calibrate", help="fit the weights anew to the development half of the messages"
    )
    calibrate.add_argument("--library", type=Path, default=LIBRARY)
    calibrate.add_argument("--data", type=Path, default=DATA, help="folder with the labelled messages")
    calibrate.set_defaults(run=_calibrate)
    labels = commands.add_parser("labels", help="print what people chose when asked, as lines of JSON")
    labels.set_defaults(run=_labels)
    args = parser.parse_args()
    args.run(args)


def _labels(_: argparse.Namespace) -> None:
    from core.runs.labels import labelled_cases
    from core.runtime import open_runtime
    from core.settings import load_settings

    async def export() -> None:
        async with open_runtime(load_settings()) as runtime:
            async for case in labelled_cases(runtime):
                print(case)

    asyncio.run(export())


def _calibrate(args: argparse.Namespace) -> None:
    from core.detection.calibrate import calibrate

    content = calibrate(args.library, args.data)
    print(content["origin"])
    print("thresholds", content["thresholds"], "curve", content["curve"], "workflow", content["workflow"])


def _explain(args: argparse.Namespace) -> None:
    detector = Detector(judge=None)
    detector.rebuild(*read_library(args.library))
    seen, index = detector.explain(args.message)
    found = seen.detection
    print(f"{found.kind}: {found.skill or found.off_topic_kind or '-'}  ({found.method}, {found.confidence:.3f})")
    print(f"language {found.language}, output {found.output_type and found.output_type.label}")
    if seen.query is None or seen.judgement is None:
        return
    print("words   ", ", ".join(f"{t} {index.rarity(t):.1f}" for t in seen.query.terms))
    print("notions ", ", ".join(seen.query.notions))
    print("phrases ", ", ".join(phrase for _, _, phrase in index.exact_phrases(seen.query)))
    print("message ", "  ".join(f"{n} {v:.2f}" for n, v in zip(MESSAGE_FEATURES, seen.message, strict=True)))
    probabilities = dict(seen.judgement.skills)
    print(f"off topic {seen.judgement.off_topic:.3f}, none of these {seen.judgement.none:.3f}; ", end="")
    print(f"runs from {model.shipped().run_at:.2f}")
    print(f"{'skill':24}{'p':>7}", "".join(f"{name[:9]:>10}" for name in FEATURES))
    for match in sorted(seen.matches, key=lambda one: -probabilities[one.place]):
        name = index.entries[match.place].skill.name
        print(f"{name:24}{probabilities[match.place]:7.3f}", "".join(f"{v:10.2f}" for v in match.features))


if __name__ == "__main__":
    main()
