initscan_unit_test(doctor NET
  SOURCES injector/doctor/final_state_test.cc injector/doctor/forbidden_test.cc injector/doctor/gate_policy_test.cc injector/doctor/gate_servers_test.cc
          injector/doctor/namespaces_test.cc injector/doctor/pull_test.cc injector/doctor/report_test.cc
          injector/doctor/selector_test.cc injector/doctor/served_test.cc injector/doctor/trial_test.cc
          injector/doctor/volumes_only_test.cc injector/doctor/webhooks_test.cc injector/doctor/workload_test.cc injector/explain/explanation_test.cc
          injector/explain/unified_diff_test.cc injector/explain/workload_kind_test.cc
  DEPS initscan_injector_doctor)
target_compile_definitions(unit_doctor PRIVATE INITSCAN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
