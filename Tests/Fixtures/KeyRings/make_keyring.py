#!/usr/bin/env python3
"""Makes keyring.ring and keyring.json from docs/keyring.md and docs/key-format.md alone: a second implementation of the
derivation. python3 Tests/Fixtures/KeyRings/make_keyring.py (needs cryptography)
"""
import hashlib
import hmac
import json
import math
import pathlib
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms

here = pathlib.Path(__file__).resolve().parent
master = bytes(range(32))
created = "2026-01-31T12:00:00Z"
latent, radius, channels, pilot = [3, 12, 10], 3, [0, 1, 2], [1]
labels = [("customer-1", None), ("customer-1b", "customer-1"), ("Müller & Söhne", None)]


def hkdf(secret: bytes, salt: str, info: str) -> bytes:
    """RFC 5869 with SHA-256, one block."""
    extracted = hmac.new(salt.encode(), secret, hashlib.sha256).digest()
    return hmac.new(extracted, info.encode() + b"\1", hashlib.sha256).digest()


def normals(secret: bytes, context: str, count: int) -> list[float]:
    key = hkdf(secret, "ringkey.key/1", context)
    cipher = Cipher(algorithms.ChaCha20(key, bytes(16)), mode=None).encryptor()
    stream = cipher.update(bytes((count + 1) // 2 * 16))
    words = struct.unpack(f"<{len(stream) // 8}Q", stream)
    uniform = [((word >> 11) + 1) / 2**53 for word in words]
    numbers = []
    for u, v in zip(uniform[::2], uniform[1::2]):
        distance = math.sqrt(-2 * math.log(u))
        numbers += [distance * math.cos(2 * math.pi * v), distance * math.sin(2 * math.pi * v)]
    return numbers[:count]


def canonical(own: list[int]) -> str:
    names = ",".join(map(str, own))
    return f"spread radius={radius} width=1 channels={names} latent={'x'.join(map(str, latent))} phase=centre"


def fingerprint(text: str, *secrets: bytes) -> str:
    digest = hashlib.sha256(f"ringkey.key/1 id\n{text}\n".encode())
    for secret in secrets:
        digest.update(secret)
    return digest.hexdigest()[:16]


def pairs() -> int:
    """Pairs k, -k of the disc |k| <= radius + 1/2, in cycles per shorter side, without the Nyquist row and column."""
    _, height, width = latent
    side, count = min(height, width), 0
    for y in range(-(height // 2) + 1, (height + 1) // 2):
        for x in range(-(width // 2) + 1, (width + 1) // 2):
            magnitude = math.hypot(y * side / height, x * side / width)
            count += magnitude <= radius + 0.5 and (y > 0 or (y == 0 and x > 0))
    return count


per_channel = 2 * pairs()
others = [channel for channel in channels if channel not in pilot]
pilot_secret = hkdf(master, "ringkey.keyring/1", "pilot")
ring_id = fingerprint(f"ringkey.keyring/1 {canonical(channels)} pilot=[{', '.join(map(str, pilot))}]", master)
keys = []
for label, owner in labels:
    secret = hkdf(master, "ringkey.keyring/1", "key " + label)
    keys.append({
        "label": label, "owner": owner, "secret": secret.hex(),
        "id": fingerprint(f"piloted {canonical(others)} | {canonical(pilot)}", secret, pilot_secret),
        "numbers": normals(secret, canonical(others), per_channel * len(others)),
    })
golden = {
    "master": master.hex(), "id": ring_id, "pilot_secret": pilot_secret.hex(),
    "pilot_numbers": normals(pilot_secret, canonical(pilot), per_channel * len(pilot)), "keys": keys,
    "own_canonical": canonical(others), "pilot_canonical": canonical(pilot),
}
(here / "keyring.json").write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")
header = {
    "format": "ringkey.keyring/1", "id": ring_id, "name": "golden", "created": created, "radius": radius,
    "channels": channels, "pilot_channels": pilot, "latent": latent, "secret": master.hex(),
}
lines = [header] + [{"label": label} | ({"owner": owner} if owner else {}) for label, owner in labels]
lines.append({"revoked": "customer-1b", "at": "2026-02-01T12:00:00Z"})
(here / "keyring.ring").write_text(
    "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines))
