"""What the training scripts share: devices, seeds, learning rates, averaged weights, checkpoints, text conditions."""

import math
import os
import random
import time
from pathlib import Path

import torch

PROMPT_DROP = 0.12


def add_common_arguments(parser):
    parser.add_argument("--device", default="cpu", help="cpu, cuda, …")
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32",
                        help="arithmetic of the networks; weights, losses and optimisers stay float32")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads")
    parser.add_argument("--seed", type=int, default=1)


def add_training_arguments(parser):
    parser.add_argument("--report", type=int, default=50, help="steps between lines of the log")
    parser.add_argument("--checkpoint-seconds", type=float, default=120, help="time between checkpoints")
    parser.add_argument("--compile", action="store_true",
                        help="torch.compile: a fifth faster on a CPU, needs a C++ compiler; the last bits differ")


def prepare(arguments):
    """Sets the threads and returns the device."""
    torch.set_num_threads(arguments.threads)
    return torch.device(arguments.device)


def autocast(arguments):
    return torch.autocast(torch.device(arguments.device).type, torch.bfloat16,
                          enabled=arguments.precision == "bfloat16")


def generator(*numbers):
    """A CPU generator that depends on all numbers: the same draws on every device, in whatever order parts are made."""
    seed = 0
    for number in numbers:
        seed = (seed * 1_000_003 + number + 0x9E3779B9) % 2**63
    return torch.Generator().manual_seed(seed)


def write_atomically(path, write):
    """Calls write(temporary path) and then puts the file in place."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    write(partial)
    os.replace(partial, path)


class Average:
    """An exponential moving average of a module's parameters, short at the start."""

    def __init__(self, module, decay):
        self.decay, self.count = decay, 0
        self.values = {name: p.detach().clone() for name, p in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module):
        self.count += 1
        decay = min(self.decay, (1 + self.count) / (10 + self.count))
        for name, p in module.state_dict().items():
            if p.is_floating_point():
                self.values[name].lerp_(p, 1 - decay)
            else:
                self.values[name].copy_(p)

    def state(self):
        return {"count": self.count, "values": self.values}

    def load(self, state):
        self.count = state["count"]
        for name, p in state["values"].items():
            self.values[name].copy_(p)


class Checkpoint:
    """A run's state in one file, written every so often: a run that was killed goes on from it.

    Everything random in a step depends on the step's number alone, so that a resumed run takes the steps that an
    unbroken one would have taken.
    """

    def __init__(self, path, module, optimizer, average, seconds):
        self.path, self.seconds = Path(path), seconds
        self.module, self.optimizer, self.average = module, optimizer, average
        self.last, self.step, self.spent = time.monotonic(), 0, 0.0
        if self.path.exists():
            state = torch.load(self.path, map_location="cpu", weights_only=True)
            module.load_state_dict(state["module"])
            optimizer.load_state_dict(state["optimizer"])
            average.load(state["average"])
            self.step, self.spent = state["step"], state["spent"]
            print(f"{self.path}: goes on from step {self.step}", flush=True)

    def advance(self, last=False):
        """Counts a step; writes the file when it is due."""
        self.step += 1
        now = time.monotonic()
        if last or now - self.last >= self.seconds:
            self.spent, self.last = self.spent + now - self.last, now
            state = {"module": self.module.state_dict(), "optimizer": self.optimizer.state_dict(),
                     "average": self.average.state(), "step": self.step, "spent": self.spent}
            write_atomically(self.path, lambda path: torch.save(state, path))


def learning_rate(step, steps, peak, warmup=50, floor=0.03):
    """Linear warm-up, then a cosine down to `floor` of the peak."""
    cosine = 0.5 * (1 + math.cos(math.pi * min(step / steps, 1)))
    return peak * min(1, (step + 1) / warmup) * (cosine * (1 - floor) + floor)


def set_learning_rate(optimizer, rate):
    for group in optimizer.param_groups:
        group["lr"] = rate


@torch.no_grad()
def conditions(prompts, tokenizer, text_encoder):
    """[N, tokens, width] on the text encoder's device; every different prompt is encoded once."""
    different = sorted(set(prompts))
    places = {prompt: place for place, prompt in enumerate(different)}
    ids = tokenizer(different, padding="max_length", max_length=tokenizer.model_max_length, truncation=True,
                    return_tensors="pt").input_ids
    states = text_encoder(ids.to(text_encoder.device)).last_hidden_state
    return states[torch.tensor([places[prompt] for prompt in prompts], device=states.device)]


def random_prompt(source):
    """A prompt as the scenes have it, without a scene; `source` is a random.Random."""
    from scenes import TERRAINS, TIMES, sentence

    time_of_day, terrain = source.randrange(4), source.randrange(4)
    pines, clouds, disc = source.random() < 0.4, source.random() < 0.45, source.random() < 0.6
    return sentence(TIMES[time_of_day], TERRAINS[terrain], pines, clouds, disc, source)


def random_source(*numbers):
    return random.Random(":".join(map(str, numbers)))
