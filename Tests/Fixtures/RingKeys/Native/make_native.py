"""Golden data for native keys, made from docs/key-format.md alone: HMAC from the standard library, ChaCha20 from
`cryptography`, spectra from NumPy in double precision, p-values from mpmath.

    python3 Tests/Fixtures/RingKeys/Native/make_native.py

Writes derivation.json, spectra.json and cosine.json beside itself.
"""

import hashlib
import hmac
import json
import math
import pathlib
import struct

import mpmath
import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms

FOLDER = pathlib.Path(__file__).parent
FORMAT = "ringkey.key/1"


def text(number):
    return str(int(number)) if number == int(number) else repr(number)


def canonical(pattern, radius, width, channels, latent, phase):
    return (
        f"{pattern} radius={text(radius)} width={text(width)} channels={','.join(map(str, channels))} "
        f"latent={'x'.join(map(str, latent))} phase={phase}"
    )


def hkdf(secret, info):
    extracted = hmac.new(FORMAT.encode(), secret, hashlib.sha256).digest()
    return hmac.new(extracted, info.encode() + b"\x01", hashlib.sha256).digest()


def keystream(key, count):
    # `cryptography` takes the 32-bit block counter and the 96-bit nonce as one field of 16 bytes.
    return Cipher(algorithms.ChaCha20(key, bytes(16)), mode=None).encryptor().update(bytes(count))


def normals(secret, info, count):
    words = struct.unpack(f"<{(count + 1) // 2 * 2}Q", keystream(hkdf(secret, info), (count + 1) // 2 * 16))
    uniform = [((word >> 11) + 1) * 2.0**-53 for word in words]
    result = []
    for first, second in zip(uniform[::2], uniform[1::2]):
        radius = math.sqrt(-2 * math.log(first))
        result += [radius * math.cos(2 * math.pi * second), radius * math.sin(2 * math.pi * second)]
    return result[:count]


def fingerprint(secret, info):
    return hashlib.sha256(f"{FORMAT} id\n{info}\n".encode() + secret).hexdigest()[:16]


GEOMETRIES = [
    ("ring", 10.0, 1.0, [0], (4, 64, 64), "centre"),
    ("spread", 10.0, 1.0, [0, 1, 2, 3], (4, 64, 64), "centre"),
    ("ring", 3.0, 1.0, [0, 2], (3, 9, 14), "centre"),
    ("ring", 3.0, 1.5, [1], (2, 12, 9), "corner"),
    ("spread", 2.5, 1.0, [0, 1], (2, 7, 10), "centre"),
    ("spread", 3.0, 1.0, [0], (1, 8, 8), "corner"),
]
SECRETS = [bytes(range(32)), bytes.fromhex("ff" * 32), hashlib.sha256(b"ringkey").digest()]


def derivation():
    cases = []
    for index, geometry in enumerate(GEOMETRIES):
        secret, info = SECRETS[index % len(SECRETS)], canonical(*geometry)
        key = hkdf(secret, info)
        cases.append({
            "secret": secret.hex(), "pattern": geometry[0], "radius": geometry[1], "width": geometry[2],
            "channels": geometry[3], "latent": geometry[4], "phase": geometry[5], "canonical": info,
            "id": fingerprint(secret, info), "key": key.hex(), "stream": keystream(key, 80).hex(),
            "normals": normals(secret, info, 9),
        })  # fmt: skip
    return cases


def plane_spectrum(pattern, radius, width, shape, phase, numbers):
    """{(ky, kx): F} of one channel, and how many of `numbers` it took."""
    height, columns = shape
    side = min(height, columns)
    frequencies = [
        (y, x)
        for y in range(-((height - 1) // 2), (height - 1) // 2 + 1)
        for x in range(-((columns - 1) // 2), (columns - 1) // 2 + 1)
    ]

    def magnitude(y, x):
        return math.hypot(y * side / height, x * side / columns)

    disc = [k for k in frequencies if magnitude(*k) <= radius + 0.5]
    root = math.sqrt(height * columns)
    if pattern == "ring":
        rings = sorted({int(magnitude(*k) // width) for k in disc})
        spectrum = {}
        for y, x in disc:
            turns = y * (height - 1) / 2 / height + x * (columns - 1) / 2 / columns if phase == "centre" else 0
            value = numbers[rings.index(int(magnitude(y, x) // width))]
            spectrum[y, x] = root * value * np.exp(-2j * math.pi * turns)
        return spectrum, len(rings)
    half = [k for k in disc if k > (0, 0)]
    spectrum = {}
    for index, (y, x) in enumerate(half):
        value = root * complex(numbers[2 * index], numbers[2 * index + 1]) / math.sqrt(2)
        spectrum[y, x], spectrum[-y, -x] = value, value.conjugate()
    return spectrum, 2 * len(half)


def spectra():
    cases = []
    for index, geometry in enumerate(GEOMETRIES[2:]):
        pattern, radius, width, channels, latent, phase = geometry
        secret = SECRETS[index % len(SECRETS)]
        noise = np.random.default_rng(index).standard_normal(latent).astype(np.float32)
        _, count = plane_spectrum(pattern, radius, width, latent[1:], phase, [0.0] * 10_000)
        numbers = normals(secret, canonical(*geometry), count * len(channels))
        marked = noise.astype(np.float64)
        for position, channel in enumerate(channels):
            own = numbers[position * count : (position + 1) * count]
            spectrum = np.fft.fft2(marked[channel])
            for (y, x), value in plane_spectrum(pattern, radius, width, latent[1:], phase, own)[0].items():
                spectrum[y, x] = value
            plane = np.fft.ifft2(spectrum)
            assert abs(plane.imag).max() < 1e-12
            marked[channel] = plane.real
        cases.append({
            "secret": secret.hex(), "pattern": pattern, "radius": radius, "width": width, "channels": channels,
            "latent": latent, "phase": phase, "numbers": numbers, "noise": [float(v) for v in noise.ravel()],
            "marked": [float(np.float32(v)) for v in marked.ravel()],
        })  # fmt: skip
    return cases


def cosine():
    mpmath.mp.dps = 60
    cases = []
    for dimension in [2, 3, 4, 5, 11, 20, 44, 348, 1392, 20_001]:
        widths = [1e-9, 1e-4, 0.01, 0.3, 1, 2, 3.3, 6, 12, 25, 40]
        cosines = [w / math.sqrt(dimension) for w in widths] + [0.5, 0.9, 0.999, 1 - 1e-9, 1 - 1e-15]
        for c in sorted({c for c in cosines if c < 1}):
            exact = mpmath.mpf(c)
            tail = mpmath.betainc(mpmath.mpf(dimension - 1) / 2, 0.5, 0, 1 - exact**2, regularized=True) / 2
            if tail < mpmath.mpf(10) ** -5000:
                continue
            cases.append({
                "dimension": dimension, "cosine": c, "log10": float(mpmath.log10(tail)),
                "log10Negative": float(mpmath.log10(1 - tail)),
            })  # fmt: skip
    return cases


for name, cases in [("derivation", derivation()), ("spectra", spectra()), ("cosine", cosine())]:
    lines = ",\n".join(json.dumps(case) for case in cases)
    (FOLDER / f"{name}.json").write_text(f"[\n{lines}\n]\n")
