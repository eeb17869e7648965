"""Golden data for the filling of holes, made with NumPy and SciPy from its description ("push-pull", Gortler et al. 1996).

    python3 Tests/Fixtures/Pictures/make_holes.py

Writes holes.json beside itself: pictures of odd, non-square sizes, which of their pixels are there, and all of them.
"""

import json
import pathlib
import warnings

import numpy as np
from scipy.ndimage import map_coordinates

warnings.simplefilter("ignore", RuntimeWarning)


def filled(picture):
    """NaN is what is missing."""
    missing = np.isnan(picture[0])
    if not missing.any():
        return picture
    _, height, width = picture.shape
    even = np.pad(picture, ((0, 0), (0, height % 2), (0, width % 2)), constant_values=np.nan)
    quarters = even.reshape(3, even.shape[1] // 2, 2, even.shape[2] // 2, 2)
    half = filled(np.nanmean(quarters, axis=(2, 4)))
    # The middle of a pixel of the half size lies between two pixels.
    places = np.meshgrid((np.arange(height) - 0.5) / 2, (np.arange(width) - 0.5) / 2, indexing="ij")
    between = np.stack([map_coordinates(plane, places, order=1, mode="nearest") for plane in half])
    return np.where(missing, between, picture)


rng = np.random.default_rng(8)
cases = []
for height, width, hole in [(13, 10, "bars"), (9, 17, "corner"), (16, 7, "one"), (1, 6, "side"), (12, 12, "none")]:
    picture = rng.uniform(-1, 1, (3, height, width)).astype(np.float32).astype(np.float64)
    y, x = np.arange(height)[:, None], np.arange(width)[None]
    mask = {
        "bars": (y >= 3) & (y < 9) & (x >= 0), "corner": x + y >= 8, "one": (x == 2) & (y == 11), "side": (x < 2) & (y == 0),
        "none": x >= 0 * y,
    }[hole]
    result = filled(np.where(mask, picture, np.nan))
    cases.append(
        {
            "height": height, "width": width, "picture": picture.ravel().tolist(),
            "mask": np.broadcast_to(mask, (height, width)).ravel().tolist(),
            "filled": [float(f"{v:.8g}") for v in result.ravel()],
        }
    )

path = pathlib.Path(__file__).with_name("holes.json")
path.write_text(json.dumps(cases) + "\n")
