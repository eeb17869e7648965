"""Classes of MarkDiffusion 1.0.2 without what its packages import besides: pipelines, plots, datasets.

    pip download markdiffusion==1.0.2 --no-deps && unzip markdiffusion-*.whl -d wheel

The scripts that make golden data with it take the wheel's folder by PYTHONPATH.
"""
import importlib.abc
import importlib.machinery
import os
import sys
import types

UNNEEDED = ("diffusers", "transformers", "cv2", "matplotlib", "datasets", "markdiffusion.visualize",
            "markdiffusion.inversions", "markdiffusion.utils", "markdiffusion.watermark.base")


class Nothing(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Stands in for modules that are not installed or not needed."""

    def __init__(self, names):
        self.names = names

    def find_spec(self, name, path=None, target=None):
        if any(name == own or name.startswith(own + ".") for own in self.names):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__getattr__ = lambda name: [] if name == "__all__" else type(name, (), {})
        module.__path__ = []
        return module

    def exec_module(self, module):
        pass


def prepare(scheme, *unneeded):
    """Makes `markdiffusion.watermark.SCHEME` and `markdiffusion.detection.SCHEME` importable, other modules than those named as
    they are installed."""
    sys.meta_path.insert(0, Nothing(UNNEEDED + unneeded))
    root = next(path + "/markdiffusion" for path in sys.path if os.path.isdir(path + "/markdiffusion"))
    for name in ("markdiffusion", "markdiffusion.watermark", f"markdiffusion.watermark.{scheme}", "markdiffusion.detection",
                 f"markdiffusion.detection.{scheme}"):
        module = types.ModuleType(name)
        module.__path__ = [root + name.removeprefix("markdiffusion").replace(".", "/")]
        sys.modules[name] = module
