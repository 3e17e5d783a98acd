from . import delivery_slot_load
