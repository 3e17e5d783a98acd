from . import res_config_settings
from . import windows
from . import slots
from . import promise
from . import assembly
from . import options
from . import flexibility
