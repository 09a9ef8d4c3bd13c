"""`python -m core.detection explain "<message>"` and `python -m core.detection calibrate`."""

import argparse
from pathlib import Path
from uuid import uuid4

from core.detection import model
from core.detection.calibrate import calibrate
from core.detection.detector import Detector
from core.detection.document import ClientName
from core.detection.explain import explain
from core.detection.source import DATA, LIBRARY, read_library


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m core.detection", description=__doc__)
    parser.add_argument("--library", type=Path, default=LIBRARY, help="folder with skills/ and workflows/")
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("explain", help="what each stage sees in a message, and why it decides")
    one.add_argument("message")
    one.add_argument("--client", action="append", default=[], help="a client's name, as often as there are clients")
    one.set_defaults(run=_explain)
    other = commands.add_parser("calibrate", help="fit the weights anew to the labelled messages")
    other.add_argument("--data", type=Path, default=DATA, help="folder with the labelled messages")
    other.set_defaults(run=_calibrate)
    arguments = parser.parse_args()
    arguments.run(arguments)


def _explain(arguments: argparse.Namespace) -> None:
    detector = Detector(judge=None)
    detector.rebuild(*read_library(arguments.library))
    clients = [ClientName(uuid4(), name) for name in arguments.client]
    print("\n".join(explain(detector, model.shipped(), arguments.message, clients)))


def _calibrate(arguments: argparse.Namespace) -> None:
    content = calibrate(arguments.library, arguments.data)
    print(content["origin"])
    print("Runs from", content["thresholds"]["run"], "and is small talk from", content["thresholds"]["off_topic"])
    print("Now measure: python -m bench.detection")


if __name__ == "__main__":
    main()
