"""Golden data of the Tree-Ring reference's keys, from their description in docs/reference-keys.md.

Run in this folder:  python3 make_reference.py      (numpy, scipy, mpmath)
"""
import hashlib
import json

import mpmath
import numpy as np
from scipy import stats


def circle(height, width, radius):
    """Rows are counted from the bottom, DC from the top: on even heights the circle sits one row high."""
    from_bottom = height - 1 - np.arange(height)
    vertical = from_bottom - height // 2
    horizontal = np.arange(width) - width // 2
    return np.add.outer(vertical**2, horizontal**2) <= radius * radius


def spectrum(latent):
    return np.fft.fftshift(np.fft.fft2(latent.astype(np.float64)), axes=(-2, -1))


def pattern(kind, noise, radius, constant=0.0, largest=None):
    F = spectrum(noise)
    K = {"rand": F, "ring": F.copy(), "zeros": 0 * F, "const": 0 * F + constant}[kind]
    if kind == "ring":
        for r in range(largest or radius, 0, -1):
            inside = circle(*noise.shape[-2:], r)
            for c in range(noise.shape[1]):
                K[0, c, inside] = F[0, c, 0, r]
    return K


def mask_of(shape, channel, radius):
    M = np.zeros(shape, bool)
    M[:, slice(None) if channel == -1 else channel] = circle(*shape[-2:], radius)
    return M


def embed(host, K, M):
    F = spectrum(host)
    F[M] = K[M]
    return np.fft.ifft2(np.fft.ifftshift(F, axes=(-2, -1))).real.astype(np.float32)


def legacy(latent, K, M):
    y, k = spectrum(latent)[M], K[M]
    l1 = np.abs(y - k).mean()
    y, k = np.concatenate([y.real, y.imag]), np.concatenate([k.real, k.imag])
    sigma = y.std(ddof=1)
    p = stats.ncx2.cdf((((y - k) / sigma) ** 2).sum(), df=len(k), nc=(k**2).sum() / sigma**2)
    return float(l1), float(p)


def masks():
    cases = []
    for height, width, radius in [(64, 64, 10), (32, 32, 6), (33, 33, 7), (20, 26, 5), (26, 20, 9), (15, 17, 6), (16, 16, 7)]:
        cells = np.flatnonzero(circle(height, width, radius)).tolist()
        cases.append({"height": height, "width": width, "radius": radius, "cells": cells})
    json.dump(cases, open("masks.json", "w"), separators=(",", ":"))


def patterns():
    """Odd, even and non-square planes; target zero outside the mask, and a host that carries it."""
    rng = np.random.default_rng(7)
    cases = []
    for name, shape, channel, radius in [("even", (1, 3, 20, 26), 1, 5), ("odd", (1, 2, 15, 17), -1, 6), ("square", (1, 4, 16, 16), 3, 7)]:
        noise = rng.standard_normal(shape).astype(np.float32)
        host = rng.standard_normal(shape).astype(np.float32)
        M = mask_of(shape, channel, radius)
        np.save(f"{name}_noise.npy", noise)
        np.save(f"{name}_host.npy", host)
        for kind in ["ring", "rand", "zeros", "const"]:
            K = pattern(kind, noise, radius, constant=12.5)
            marked = embed(host, K, M)
            recovered = (0.6 * marked + 0.8 * rng.standard_normal(shape)).astype(np.float32)
            if kind in ("ring", "rand"):
                np.save(f"{name}_{kind}_target.npy", np.where(M, K, 0).astype(np.complex64))
            np.save(f"{name}_{kind}_marked.npy", marked)
            np.save(f"{name}_{kind}_recovered.npy", recovered)
            case = {"name": name, "pattern": kind, "channel": channel, "radius": radius}
            for label, latent in [("host", host), ("marked", marked), ("recovered", recovered)]:
                l1, p = legacy(latent, K, M)
                case[label] = {"l1": l1, "p": p}
            cases.append(case)
    json.dump(cases, open("legacy.json", "w"), indent=1)


def package_file(noise, channel, radius, kind, dtype, shape, largest=None):
    """The whole patched spectrum, named by the hash of the marked noise, as the package saves it."""
    K = pattern(kind, noise, radius, largest=largest)
    marked = embed(np.random.default_rng(99).standard_normal(noise.shape), K, mask_of(noise.shape, channel, radius))
    name = f"{hashlib.sha256(marked.tobytes()).hexdigest()}_{channel}_{radius}_{kind}.npy"
    np.save(name, K.astype(dtype).reshape(shape))
    return {"file": name, "channel": channel, "radius": radius, "pattern": kind}, K, marked


def package_files():
    rng = np.random.default_rng(1)
    files = []
    # Rings are painted out to half of the side, whatever the radius.
    noise = rng.standard_normal((4, 64, 64))[None]
    entry, K, marked = package_file(noise, 0, 10, "ring", np.complex64, (1, 4, 64, 64), largest=32)
    entry["rings"] = [[float(K[0, 0, 31, 32 + r].real), float(K[0, 0, 31, 32 + r].imag)] for r in range(1, 11)]
    # What each ring of the mask has, on the average, in the noise-free marked latent.
    F = spectrum(marked)[0, 0]
    seen, before = [], np.zeros((64, 64), bool)
    for r in range(1, 11):
        now = circle(64, 64, r)
        seen.append(float(F[now & ~before].real.mean()))
        before = now
    entry["seen"] = seen
    np.save("ring64_marked.npy", marked[:, :1])
    files.append(entry)
    noise = rng.standard_normal((1, 4, 24, 24))
    files.append(package_file(noise, 2, 6, "rand", np.complex128, (1, 4, 24, 24))[0])
    files.append(package_file(noise, -1, 5, "ring", np.complex64, (4, 24, 24), largest=12)[0])
    files.append(package_file(noise, 1, 6, "zeros", np.complex64, (1, 4, 24, 24))[0])
    json.dump(files, open("files.json", "w"), indent=1)


def noncentral_chi_squared():
    """Summed in 60 digits; SciPy agrees wherever it is kept as `scipy`."""
    mpmath.mp.dps = 60

    def cdf(x, n, nc):
        y, a, rate = mpmath.mpf(x) / 2, mpmath.mpf(n) / 2, mpmath.mpf(nc) / 2
        # From above the last term that matters, P(a + j - 1, y) = P(a + j, y) + y^(a+j-1) e^-y / Γ(a+j).
        j = int(nc / 2 + 40 * np.sqrt(nc / 2) + 60)
        P = mpmath.mpf(0)
        t = y ** (a + j) * mpmath.exp(-y) / mpmath.gamma(a + j + 1)
        term, k = t, 1
        while True:
            P += term
            term *= y / (a + j + k)
            k += 1
            if term < P * mpmath.mpf(10) ** -50 and a + j + k > y:
                break
        w = mpmath.exp(-rate) * rate**j / mpmath.factorial(j)
        total = w * P
        while j > 0:
            t *= (a + j) / y
            w *= j / rate
            j -= 1
            P += t
            total += w * P
        return total

    rows = []
    for n, nc in [(2, 0.5), (7, 40), (34, 3), (634, 634), (634, 60), (634, 9000), (2536, 2536), (5000, 10000), (3, 10000), (9000, 1)]:
        mean, sd = n + nc, np.sqrt(2 * (n + 2 * nc))
        for z in [-30, -20, -10, -6, -3, -1, 0, 1, 3, 6]:
            x = mean + z * sd
            if x <= 0.01 * mean:
                continue
            exact = cdf(float(x), n, nc)
            if exact < mpmath.mpf(10) ** -300:
                continue
            by_scipy = float(stats.ncx2.cdf(x, n, nc))
            rows.append({"x": float(x), "degrees": n, "noncentrality": nc, "cdf": float(exact), "scipy": by_scipy})
    worst = max(abs(r["scipy"] / r["cdf"] - 1) for r in rows if r["cdf"] > 1e-60)
    print(len(rows), "values; SciPy's largest relative difference above 1e-60:", worst)
    json.dump(rows, open("ncx2.json", "w"), indent=0)


masks()
patterns()
package_files()
noncentral_chi_squared()
