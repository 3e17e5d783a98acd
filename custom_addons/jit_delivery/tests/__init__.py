from . import test_options_bom
from . import test_promise_chain
from . import test_promise_options
from . import test_promise_order
from . import test_slots_claims
from . import test_slots_orders
from . import test_slots_templates
from . import test_windows_partner
