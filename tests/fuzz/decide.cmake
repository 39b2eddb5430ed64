initscan_fuzz(config DEPS initscan_config)
initscan_fuzz(policy DEPS initscan_policy)
