"""Where the classifier and the source texts are looked for; tests on them are skipped where they are absent."""

import os
from pathlib import Path

import pytest

_BESIDE_CHECKOUT = Path(__file__).resolve().parents[2].parent / "shared"
DATA = Path(os.environ.get("AKIM_DATA", _BESIDE_CHECKOUT / "data"))
ACTS = Path(os.environ.get("AKIM_ACTS", DATA.parent / "acts"))
REGISTER = Path(os.environ.get("AKIM_REGISTER", DATA.parent / "law" / "obligations.md"))

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the classifier data is not beside this checkout (AKIM_DATA)")
needs_acts = pytest.mark.skipif(not ACTS.is_dir(), reason="the source texts are not beside this checkout (AKIM_ACTS)")
needs_register = pytest.mark.skipif(
    not REGISTER.is_file(), reason="the register of obligations is not beside this checkout (AKIM_REGISTER)"
)
