from . import option_rule_import
