"""Arrays in the files that people have besides .npy.    python3 Tests/Fixtures/Tensors/make_archives.py"""

import io
import pathlib
import pickle
import zipfile

import numpy as np

folder = pathlib.Path(__file__).parent / "archives"
folder.mkdir(exist_ok=True)
rng = np.random.default_rng(3)
half = rng.standard_normal((3, 5, 7)).astype(np.float16)
# The smallest subnormal, the largest number, a negative zero.
half.reshape(-1)[:3] = [2.0**-24, 65504, -0.0]
np.save(folder / "half.npy", half)
np.save(folder / "half-as-float.npy", half.astype(np.float32))
np.savez(folder / "one.npz", key=half)
np.savez(folder / "two.npz", a=half, b=half)
np.savez_compressed(folder / "compressed.npz", key=half)
(folder / "pickled.pkl").write_bytes(pickle.dumps(half.tolist(), protocol=4)[:64])
with zipfile.ZipFile(folder / "torch.pt", "w") as archive:
    # As torch.save lays its archives out.
    archive.writestr("archive/data.pkl", pickle.dumps([], protocol=2))
    archive.writestr("archive/data/0", bytes(8))
one = (folder / "one.npz").read_bytes()
(folder / "torn.npz").write_bytes(one[:-40])
# The directory says that the array begins 1 GiB further on.
lie = bytearray(one)
entry = one.rindex(b"PK\x01\x02")
lie[entry + 42 : entry + 46] = (1 << 30).to_bytes(4, "little")
(folder / "beyond.npz").write_bytes(lie)
