"""What the measuring scripts of a page have in common."""

import argparse
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def parser(description, work, page):
    """--model, --ringkey, --work (out/WORK), --threads, --write."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--model", type=Path, default=ROOT / "samples/grove")
    made.add_argument("--ringkey", type=Path, default=ROOT / ".build/release/ringkey")
    made.add_argument("--work", type=Path, default=ROOT / "out" / work)
    made.add_argument("--threads", type=int, default=1)
    made.add_argument("--write", action="store_true", help=f"fill the tables of {page}")
    return made
