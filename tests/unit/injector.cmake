initscan_unit_test(injector NET
  SOURCES common/http/exchange_test.cc common/http/refusal_log_test.cc common/http/server_test.cc injector/admission/log_value_test.cc injector/admission/review_test.cc
          injector/admission/routes_test.cc injector/admission/validation_test.cc injector/inject/allotment_test.cc
          injector/inject/hardening_test.cc injector/inject/manifest_parts_test.cc injector/inject/manifest_test.cc
          injector/inject/patch_test.cc injector/pod/patch_operation_test.cc injector/pod/pod_kinds_test.cc injector/pod/pull_policy_test.cc
          injector/pod/quantity_test.cc
  DEPS initscan_injector_server)
