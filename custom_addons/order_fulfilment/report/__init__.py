from . import order_entry_quality
