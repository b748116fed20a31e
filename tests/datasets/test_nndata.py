from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys

import pytest

import nndata

MODULES = ["nndata", *(f"nndata.{module.name}" for module in pkgutil.iter_modules(nndata.__path__))]


def test_importing_the_package_imports_nothing_heavy():
    code = (
        "import sys, nndata; nndata.load_digits();"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"matplotlib", "pooch", "requests", "urllib3", "tqdm", "platformdirs", "sklearn"}
    loaded = set(ran.stdout.split())
    assert "nndata" in loaded
    assert not heavy & loaded


@pytest.mark.parametrize("name", MODULES)
def test_every_module_lists_what_is_public(name):
    module = importlib.import_module(name)
    assert all(hasattr(module, public) for public in module.__all__)
    assert list(module.__all__) == sorted(module.__all__, key=lambda n: (not n.isupper(), n))


@pytest.mark.parametrize("name", nndata.__all__)
def test_everything_public_is_documented(name):
    assert getattr(nndata, name).__doc__
