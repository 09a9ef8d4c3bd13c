import os
from pathlib import Path

import pytest

from local.stack.lock import only_one
from local.stack.part import StackError


def test_the_second_is_told_of_the_first(tmp_path: Path) -> None:
    with only_one(tmp_path / "new"), pytest.raises(StackError, match=f"process {os.getpid()}"):  # noqa: SIM117
        with only_one(tmp_path / "new"):
            pass
    with only_one(tmp_path / "new"):
        pass
