from . import test_options_gate
from . import test_options_rules
from . import test_options_prices
from . import test_options_life_cycle
