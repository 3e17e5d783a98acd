from . import test_entry_gate_checks
from . import test_entry_gate
from . import test_entry_reference
from . import test_entry_submit
from . import test_entry_customer
from . import test_entry_quantity
