from . import test_options_bom
