from . import delivery_change_ask
from . import delivery_window_picker
