"""Lazy loading of a package's public names by a module-level `__getattr__` (PEP 562)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def lazy_names(package: str, names: Mapping[str, str]) -> Callable[[str], object]:
    """Return a `__getattr__` for a package that imports a public name from its module when it is first used.

    `names` gives for each module of the package its public names, separated by spaces. A loaded name is kept in the
    package, so that only the first use costs an import. Raises `AttributeError` for a name that is not public.
    """
    modules = {name: module for module, public in names.items() for name in public.split()}

    def load(name: str) -> object:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no public name {name!r}")
        value: object = getattr(import_module(f"{package}.{modules[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return load
