initscan_unit_test(injector NET
  SOURCES injector/envelope_test.cc injector/hardening_test.cc injector/http_server_test.cc injector/log_test.cc
          injector/manifest_parts_test.cc injector/manifest_test.cc
          injector/patch_test.cc injector/pod_kinds_test.cc injector/pull_policy_test.cc injector/quantity_test.cc
          injector/review_test.cc injector/routes_test.cc injector/validation_test.cc
  DEPS initscan_injector_server)
