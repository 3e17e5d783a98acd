from . import test_entry_gate_checks
