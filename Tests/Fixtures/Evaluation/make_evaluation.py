#!/usr/bin/env python3
"""Golden statistics: ROC curves and AUC of scikit-learn, DeLong's variance from the paper's formula, intervals of SciPy.

    python3 Tests/Fixtures/Evaluation/make_evaluation.py

needs NumPy, SciPy and scikit-learn. DeLong is the definition of DeLong, DeLong and Clarke-Pearson (1988) with a kernel
of m x n numbers, in float64: nothing of the fast algorithm under test.
"""

import json
from pathlib import Path

import numpy as np
from scipy.stats import beta, binomtest, norm
from sklearn.metrics import roc_auc_score, roc_curve

HERE = Path(__file__).parent
rng = np.random.default_rng(19880901)


def components(x, y):
    kernel = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    return kernel.mean(axis=1), kernel.mean(axis=0), kernel.mean()


def delong(x, y):
    v10, v01, auc = components(x, y)
    if len(x) < 2 or len(y) < 2:
        return auc, None, None
    variance = v10.var(ddof=1) / len(x) + v01.var(ddof=1) / len(y)
    reach = norm.ppf(0.975) * np.sqrt(variance)
    return auc, variance, [max(0, auc - reach), min(1, auc + reach)]


def paired(x1, y1, x2, y2):
    (a10, a01, a), (b10, b01, b) = components(x1, y1), components(x2, y2)
    s10, s01 = np.cov(a10, b10), np.cov(a01, b01)
    s = s10 / len(x1) + s01 / len(y1)
    deviation = np.sqrt(s[0, 0] + s[1, 1] - 2 * s[0, 1])
    return {"difference": a - b, "deviation": deviation, "p": 2 * norm.sf(abs(a - b) / deviation)}


def case(name, x, y):
    x, y = np.asarray(x, float), np.asarray(y, float)
    labels = np.r_[np.ones(len(x)), np.zeros(len(y))]
    scores = np.r_[x, y]
    fpr, tpr, thresholds = roc_curve(labels, scores, drop_intermediate=False)
    auc, variance, interval = delong(x, y)
    assert abs(auc - roc_auc_score(labels, scores)) < 1e-12
    return {
        "name": name, "positives": x.tolist(), "negatives": y.tolist(), "fpr": fpr.tolist(), "tpr": tpr.tolist(),
        "thresholds": thresholds[1:].tolist(), "auc": roc_auc_score(labels, scores), "variance": variance,
        "interval": interval,
    }


def exact(k, n, tail):
    # binomtest's own search for these ends is only good to 1e-5 for one success in a million.
    return [beta.ppf(tail, k, n - k + 1) if k else 0.0, beta.isf(tail, k + 1, n - k) if k < n else 1.0]


x, y = rng.normal(1.2, 1.5, 37), rng.normal(0, 1, 53)
tied_x, tied_y = np.round(rng.normal(1, 1, 41)), np.round(rng.normal(0, 1, 29))
cases = [
    case("continuous", x, y),
    case("ties within and across", tied_x, tied_y),
    case("all equal", [2, 2, 2], [2, 2, 2, 2]),
    case("separated", [3, 4, 5, 5], [0, 1, 1]),
    case("reversed", [-3, -4, -5], [0, 1]),
    case("one positive", [0.5], [0.1, 0.9, 0.5]),
    case("one of each", [1], [0]),
    case("zeros of either sign", [0.0, -0.0, 1], [-0.0, 0.0, -1]),
]
other_x, other_y = x + rng.normal(0, 1, 37), y + rng.normal(0, 1, 53)
counts = [(0, 1), (1, 1), (0, 20), (20, 20), (1, 20), (7, 20), (199, 200), (3, 1000), (1, 1000000), (271828, 1000000)]
intervals = []
for k, n in counts:
    wilson = binomtest(k, n).proportion_ci(method="wilson")
    intervals.append({
        "successes": k, "trials": n, "exact": exact(k, n, 0.025), "wide": exact(k, n, 0.0125),
        "wilson": [wilson.low, wilson.high],
    })
golden = {
    "curves": cases,
    "paired": {"positives": other_x.tolist(), "negatives": other_y.tolist(), **paired(x, y, other_x, other_y)},
    "intervals": intervals,
}
(HERE / "statistics.json").write_text(json.dumps(golden, indent=1) + "\n")
