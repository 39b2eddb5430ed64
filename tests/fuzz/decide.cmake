initscan_fuzz(policy DEPS initscan_policy)
