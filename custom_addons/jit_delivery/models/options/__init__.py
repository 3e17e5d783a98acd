from . import mrp_bom
from . import mrp_production
from . import stock_move
from . import stock_rule
