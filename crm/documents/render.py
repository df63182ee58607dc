"""Draws a thumbnail in a process of its own: a picture on standard input, WebP on standard output.

Run by path with `python -I`; imports nothing of ours. Whatever a hostile file does to Pillow or
pdfium, memory, time and crashes end with this process.
"""

import io
import resource
import sys
import warnings

import pypdfium2
from PIL import Image, ImageOps

SIDE = 320
MAX_PIXELS = 60_000_000
MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 15
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")


def limit_ourselves() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def first_page(data: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(data)
    page = document[0]
    longest = max(page.get_size())
    return page.render(scale=min(4.0, SIDE / max(longest, 1))).to_pil()


def picture(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=FORMATS)
    if image.width * image.height > MAX_PIXELS:
        raise ValueError("too many pixels")
    image.draft("RGB", (SIDE * 2, SIDE * 2))
    return ImageOps.exif_transpose(image)


def thumbnail(data: bytes) -> bytes:
    image = first_page(data) if b"%PDF-" in data[:1024] else picture(data)
    if image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    image.thumbnail((SIDE, SIDE))
    out = io.BytesIO()
    image.save(out, "WEBP", quality=80)
    return out.getvalue()


if __name__ == "__main__":
    limit_ourselves()
    sys.stdout.buffer.write(thumbnail(sys.stdin.buffer.read()))
