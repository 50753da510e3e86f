"""A photograph that is kept tells nothing of its place, its hour and its owner."""

import io

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, PngImagePlugin

from issues import services

GPS, MAKE, ORIENTATION = 0x8825, 0x010F, 0x0112


def photograph(turned: int = 6) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[MAKE], exif[ORIENTATION] = "Telephone of a person", turned
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (43.2, 0, 0)
    Image.new("RGB", (40, 20), "green").save(out, "JPEG", exif=exif, comment=b"secret place")
    return out.getvalue()


def test_place_and_owner_are_gone_and_the_picture_still_stands_upright():
    before = photograph()
    assert b"Telephone" in before
    kept = services.check(before, "сурет.jpg").data
    assert b"Telephone" not in kept
    assert b"secret place" not in kept
    picture = Image.open(io.BytesIO(kept))
    assert dict(picture.getexif()) == {ORIENTATION: 6}
    assert list(picture.getdata()) == list(Image.open(io.BytesIO(before)).getdata())


def test_words_in_a_png_are_gone_too():
    out, words = io.BytesIO(), PngImagePlugin.PngInfo()
    words.add_text("Author", "Telephone of a person")
    Image.new("RGB", (4, 4), "red").save(out, "PNG", pnginfo=words)
    kept = services.check(out.getvalue() + b"behind the end IEND", "сурет.png").data
    assert b"Telephone" not in kept
    assert b"behind" not in kept
    assert Image.open(io.BytesIO(kept)).getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize(
    "data",
    [b"\xff\xd8\xff\xe1\xff\xff" + b"x" * 20 + b"\xff\xd9", b"\x89PNG\r\n\x1a\n" + b"\0\0\xff\xffIHDR" + b"IEND"],
)
def test_a_damaged_picture_is_refused_in_words(data):
    with pytest.raises(ValidationError, match="damaged"):
        services.check(data, "x.jpg")
