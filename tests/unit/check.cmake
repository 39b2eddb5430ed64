initscan_unit_test(check NET
  SOURCES check/explanation_test.cc check/final_state_test.cc check/forbidden_test.cc check/gate_policy_test.cc check/namespaces_test.cc check/pull_test.cc check/report_test.cc
          check/selector_test.cc check/served_test.cc check/trial_test.cc check/unified_diff_test.cc
          check/webhooks_test.cc check/workload_kind_test.cc check/workload_test.cc
  DEPS initscan_injector_check)
