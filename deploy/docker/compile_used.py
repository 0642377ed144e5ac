"""Imports all of a service, and compiles what that imports of packages: `python compile_used.py SERVICE`.

A good part of the packages is never imported; compiled, it would take 15 MB of each image. The build ends here where a
package, or a part that `slim.py` took, is missing. Compiled code is not compared with its source: in an image nothing
changes.
"""

import importlib
import pkgutil
import py_compile
import sys
from pathlib import Path

# What is run in the image besides the service itself.
COMMANDS = (
    "shared.db.migrate",
    "shared.invariants.__main__",
    "shared.journal.__main__",
    "shared.messaging.__main__",
    "shared.rebuilding.__main__",
)


def import_all(name: str) -> None:
    """Import a package of ours with all in it but `__main__`, which serves, and migrations, which need a database."""
    module = importlib.import_module(name)
    for each in pkgutil.iter_modules(getattr(module, "__path__", ())):
        if each.name not in ("__main__", "migrations"):
            import_all(f"{name}.{each.name}")


def compile_imported(below: Path) -> int:
    """Compile every module that is imported from there; their number."""
    found = {module.__file__ for module in list(sys.modules.values()) if getattr(module, "__file__", None)}
    sources = sorted(path for path in found if path and path.endswith(".py") and Path(path).is_relative_to(below))
    for source in sources:
        py_compile.compile(source, doraise=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    return len(sources)


if __name__ == "__main__":
    for command in COMMANDS:
        importlib.import_module(command)
    import_all(f"services.{sys.argv[1]}")
    sys.stdout.write(f"{compile_imported(Path(sys.prefix))} modules of packages compiled\n")
