"""Makes the add-ons' ``tools/`` folders importable without Odoo, as ``of_tools`` and ``jit_tools``.

Importing ``order_fulfilment.tools`` would run the add-on's ``__init__`` and with it import ``odoo``; these
packages begin at the ``tools`` folder, so that a rule under them that needs ``odoo`` fails at import.
"""

import importlib.machinery
import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {"of_tools": "order_fulfilment", "jit_tools": "jit_delivery"}


def mount():
    """Register both packages; calling it again changes nothing."""
    for name, addon in PACKAGES.items():
        if name in sys.modules:
            continue
        spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(ROOT / "custom_addons" / addon / "tools")]
        sys.modules[name] = importlib.util.module_from_spec(spec)
