from . import delivery_windows
