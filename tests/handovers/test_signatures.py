"""What is stored of an uploaded signature: the picture and nothing else, and the same bytes for the same upload."""

import base64
import io

import pytest
from PIL import Image, ImageDraw, ImageFilter
from PIL.PngImagePlugin import PngInfo

from ampera.handovers import signatures
from ampera.handovers.signatures import Drawn

LINE = [(3, 20), (12, 4), (25, 22), (36, 9)]


def drawing(mode: str) -> Image.Image:
    """A line with soft edges."""
    picture = Image.new("RGBA", (40, 30), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line(LINE, fill=(20, 22, 43, 255), width=3)
    return picture.filter(ImageFilter.GaussianBlur(1)).convert(mode)


def upload(picture: Image.Image, **more: object) -> str:
    out = io.BytesIO()
    picture.save(out, "PNG", **more)
    return signatures.START + base64.b64encode(out.getvalue()).decode()


def read(data_url: str) -> Drawn:
    drawn = signatures.read(data_url)
    assert isinstance(drawn, Drawn)
    return drawn


def opened(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png))
    picture.load()
    return picture


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1"])
def test_drawing_of_any_mode_stands_on_white(mode):
    picture = drawing(mode)
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture.convert("RGBA"), mask=picture.convert("RGBA").getchannel("A"))
    assert opened(read(upload(picture)).png).tobytes() == ground.convert("L").tobytes()


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_color_that_counts_as_transparent_is_white(mode):
    black = Image.new(mode, (40, 30), 0)
    stored = opened(read(upload(black, transparency=(0, 0, 0) if mode == "RGB" else 0)).png)
    assert stored.getextrema() == (255, 255)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_nothing_but_the_picture_is_stored(mode):
    more = PngInfo()
    more.add_text("Comment", "hidden text")
    sent = upload(drawing(mode), pnginfo=more, icc_profile=b"hidden profile", dpi=(300, 300))
    assert read(sent) == read(upload(drawing(mode)))


def test_text_joins_an_unchanged_picture():
    drawn = read(upload(drawing("RGBA")))
    signed = signatures.with_text(drawn, "Saya, Contoh é, menerima 1 paspor")
    assert signatures.text_in(signed.png) == "Saya, Contoh é, menerima 1 paspor"
    assert opened(signed.png).tobytes() == opened(drawn.png).tobytes()
    assert signed.sha256 != drawn.sha256 and signed.png.endswith(drawn.png[signatures.HEADER :])
