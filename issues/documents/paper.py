"""PDF and pictures through Typst: the layouts lie beside this file, the data goes in as JSON and is never code."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

LAYOUTS = Path(__file__).resolve().parent / "layouts"
FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "golos-text"
PDF, PNG = "application/pdf", "image/png"


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """Only our own fonts: they have every Kazakh letter, and a machine without them would draw others."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def drawn(layout: str, data: dict[str, Any], *, form: str = "pdf", ppi: float = 144, layouts: Path = LAYOUTS) -> bytes:
    """A document of a layout as PDF, or its first page as PNG. `data` holds plain values only."""
    compiler = typst.Compiler(
        layouts / f"{layout}.typ",
        root=layouts,
        font_paths=fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    made = compiler.compile(format=form, ppi=ppi)  # type: ignore[arg-type]
    if isinstance(made, list):
        made = made[0]
    assert made is not None
    return made


def qr(address: str) -> str:
    """A QR code of an address as SVG; correction M survives a creased poster."""
    return segno.make(address, error="m").svg_inline(scale=4, border=0)
