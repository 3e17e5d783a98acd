from . import delivery_window_picker
