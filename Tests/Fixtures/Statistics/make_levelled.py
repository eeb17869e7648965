"""P-values of sums of levels and an isotropic part: all outcomes of the levels one by one, the cosine's tail by SciPy.

    python3 Tests/Fixtures/Statistics/make_levelled.py > levelled.json
"""
import itertools
import json
import math

import numpy as np
from scipy.special import betainc, logsumexp


def log_tail(cosine, dimension):
    if cosine >= 1:
        return -math.inf
    if cosine <= -1:
        return 0.0
    tail = betainc((dimension - 1) / 2, 0.5, 1 - cosine * cosine) / 2
    tail = tail if cosine >= 0 else 1 - tail
    return math.log(tail) if tail > 0 else -math.inf


cases = []
random = np.random.default_rng(5)
for levels, count, dimension, norm in [(2, 8, 30, 40.0), (3, 5, 11, 3.0), (5, 4, 200, 60.0), (2, 11, 400, 90.0)]:
    weights = random.integers(-15, 16, count)
    unit = 0.37
    values = np.linspace(-1, 1, levels)
    outcomes = [unit * float(np.dot(weights, values[list(choice)])) for choice in itertools.product(range(levels), repeat=count)]
    outcomes, occurrences = np.unique(np.round(outcomes, 9), return_counts=True)
    scale = unit * abs(weights).sum() + norm
    for share in [-0.4, -0.05, 0.0, 0.1, 0.3, 0.6]:
        total = share * scale
        logs = [math.log(n) + log_tail((total - s) / norm, dimension) for s, n in zip(outcomes, occurrences)]
        value = logsumexp(logs) - count * math.log(levels)
        if math.isfinite(value):
            cases.append({"weights": weights.tolist(), "unit": unit, "levels": levels, "norm": norm, "dimension": dimension,
                          "sum": total, "log": float(min(0, value))})
print(json.dumps(cases))
