from . import pick_zone_generate
from . import pick_batch_build
