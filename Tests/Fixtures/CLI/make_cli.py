"""Files that the command line must refuse.    python3 Tests/Fixtures/CLI/make_cli.py"""

import io
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image

folder = pathlib.Path(__file__).parent
rng = np.random.default_rng(1)
image = Image.fromarray(rng.integers(0, 256, (37, 41, 3), dtype=np.uint8))
for kind, extension in (("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")):
    buffer = io.BytesIO()
    image.save(buffer, kind)
    (folder / f"truncated.{extension}").write_bytes(buffer.getvalue()[: len(buffer.getvalue()) * 2 // 3])
Image.new("RGB", (1, 1), (200, 100, 50)).save(folder / "one-pixel.png")


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


header = struct.pack(">IIBBBBB", 20000, 20000, 8, 2, 0, 0, 0)
(folder / "huge-header.png").write_bytes(
    b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b""))
latent = rng.standard_normal((1, 4, 32, 32)).astype(np.float32)
latent.reshape(-1)[5] = np.nan
np.save(folder / "nan.npy", latent)
np.save(folder / "odd-shape.npy", np.zeros((3, 5, 7), dtype=np.float32))

# Keys as the Tree-Ring package stores them: the shifted spectrum of Gaussian noise, and zeros.
spectrum = np.fft.fftshift(np.fft.fft2(rng.standard_normal((1, 4, 32, 32))), axes=(-1, -2)).astype(np.complex64)
np.save(folder / "0a1b_3_10_rand.npy", spectrum)
np.save(folder / "0a1b_3_10_zeros.npy", np.zeros_like(spectrum))
