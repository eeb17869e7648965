"""Tails of sums of weighted fair signs, by convolution in whole numbers.

    python make_weighted_signs.py > weighted_signs.json
"""
import json
import math
import random


def ways(counts):
    """How often T = Σ wB takes each value: a polynomial whose coefficients lie side by side in one large number."""
    signs, whole = sum(counts), sum(w * n for w, n in enumerate(counts))
    bits = signs + 1
    product = 1
    for weight, count in enumerate(counts):
        for _ in range(count if weight else 0):
            product += product << (bits * weight)
    mask = (1 << bits) - 1
    return [product >> (bits * t) & mask for t in range(whole + 1)], sum(counts[1:])


def logarithm(number):
    """ln of a whole number of any length."""
    shift = max(0, number.bit_length() - 1000)
    return math.log(number >> shift) + shift * math.log(2)


cases = []
generator = random.Random(7)
for counts in (
    [0, 1000], [0, 0, 300], [3, 60, 50, 40, 30, 20, 10, 5], [0, 0, 100, 0, 90, 0, 1], [0, 1, 0, 0, 0, 0, 0, 200],
    [10] + [generator.randrange(30) for _ in range(15)],
):
    found, signs = ways(counts)
    whole = len(found) - 1
    tails = [0] * (whole + 2)
    for t in range(whole, -1, -1):
        tails[t] = tails[t + 1] + found[t]
    for share in (-0.9, -0.3, -0.02, 0, 0.02, 0.1, 0.3, 0.6, 0.9, 0.97, 1):
        total = round(share * whole)
        least = -(-(total + whole) // 2)
        cases.append({
            "counts": counts, "sum": total, "log": logarithm(tails[least]) - signs * math.log(2),
        })
print(json.dumps(cases, separators=(",", ":")))
