"""Tests of everything, laid out as the code is."""

from core import garbage

garbage.hold()  # until all tests are collected, see `tests/conftest.py`
