"""Codes and marks of secrets, by the description in docs/schemes/prc.md.

    python make_derivation.py > derivation.json     (numpy, pycryptodome)
"""
import hashlib
import hmac
import json
import math

import numpy as np
from Crypto.Cipher import ChaCha20


def keystream(secret, purpose, count):
    extracted = hmac.digest(b"ringkey.key/1", secret, "sha256")
    key = hmac.digest(extracted, f"prc {purpose}".encode() + b"\1", "sha256")
    return ChaCha20.new(key=key, nonce=bytes(12)).encrypt(bytes(count))


def bits(secret, purpose, count):
    return np.unpackbits(np.frombuffer(keystream(secret, purpose, (count + 7) // 8), np.uint8))[:count]


class Draws:
    def __init__(self, secret, purpose):
        self.words = np.frombuffer(keystream(secret, purpose, 1 << 20), "<u8")
        self.place = 0

    def below(self, bound):
        word = int(self.words[self.place])
        self.place += 1
        return word * bound >> 64


def text(array):
    return "".join(str(int(bit)) for bit in np.asarray(array).flatten())


def case(secret, shape, weight, message, message_bits, test_bits, seed):
    n = math.prod(shape)
    fresh = int(math.log2(math.comb(n, weight)))
    k = test_bits + fresh + message_bits
    r = n - k - fresh
    rows = np.zeros((n, k), np.uint8)
    rows[:n - r] = bits(secret, "generator", (n - r) * k).reshape(n - r, k)
    draws, chosen = Draws(secret, "checks"), []
    for check in range(r):
        own = []
        while len(own) < weight - 1:
            element = draws.below(n - r + check)
            if element not in own:
                own.append(element)
        rows[n - r + check] = np.bitwise_xor.reduce(rows[own])
        chosen.append(own + [n - r + check])
    order, turns = list(range(n)), Draws(secret, "order")
    for last in range(n - 1, 0, -1):
        other = turns.below(last + 1)
        order[last], order[other] = order[other], order[last]
    place = np.argsort(order)
    pad, test = bits(secret, "pad", n)[order], bits(secret, "test", test_bits)
    noise = np.random.RandomState(seed).randn(n).astype("<f4")
    item = hashlib.sha256(noise.tobytes()).hexdigest()
    content = np.unpackbits(np.frombuffer(message, np.uint8))
    content = np.concatenate([content, np.zeros(message_bits - len(content), np.uint8)])
    payload = np.concatenate([test, bits(secret, f"fresh {item}", fresh), content])
    limit = int((1 - 2 ** (-1 / fresh)) * 2**53)
    errors, wrong = Draws(secret, f"errors {item}"), []
    for _ in range(n):
        wrong.append(errors.below(1 << 53) < limit)
    codeword = (rows[order] @ payload.astype(int) + pad + np.array(wrong)) % 2
    known = np.packbits(content).tobytes()
    title = (f"prc source=secret check_weight={weight} message_bits={message_bits} test_bits={test_bits} "
             f"latent={'x'.join(map(str, shape))} message=known")
    fingerprint = hashlib.sha256(f"ringkey.key/1 id\n{title}\n".encode() + secret + known).hexdigest()[:16]
    return {
        "secret": secret.hex(), "shape": shape, "check_weight": weight, "message": text(content),
        "test_bits": test_bits, "fingerprint": fingerprint,
        "checks": [int(place[element]) for check in chosen for element in check],
        "pad": text(pad), "test": text(test), "generator": hashlib.sha256(text(rows[order]).encode()).hexdigest(),
        "noise": [float(x) for x in noise], "signs": text(codeword),
    }


print(json.dumps([
    case(bytes(range(32)), [4, 8, 8], 3, b"a", 8, 30, 1),
    case(hashlib.sha256(b"2").digest(), [3, 12, 10], 4, b"hi", 24, 20, 2),
], separators=(",", ":")))
