from . import delivery_slot_load
from . import delivery_slot_usage
from . import delivery_window_performance
