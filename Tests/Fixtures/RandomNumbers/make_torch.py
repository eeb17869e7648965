"""Normal numbers of PyTorch's generator on a CPU (torch 2.13), by seed, count and precision.

    python make_torch.py > torch_cpu.json
"""
import json

import torch

cases = []
for seed in (0, 42, 999999, 2**32 + 5):
    for count in (1, 5, 15, 16, 17, 31, 100, 4096, 16384):
        for precision in ("float32", "float16", "bfloat16"):
            if precision != "float32" and count not in (5, 17, 100, 4096):
                continue
            generator = torch.Generator().manual_seed(seed)
            numbers = torch.randn(count, generator=generator, dtype=getattr(torch, precision)).double().tolist()
            cases.append({
                "seed": seed, "count": count, "precision": precision, "first": numbers[:32],
                "last": numbers[-20:],
            })
text = json.dumps(cases, separators=(",", ":"))
print(text.replace("},{", "},\n{"))
