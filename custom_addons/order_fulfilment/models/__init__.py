from . import order_fulfilment_capability, res_config_settings
