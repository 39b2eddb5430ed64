initscan_unit_test(kube
  SOURCES kube/access_test.cc kube/backoff_test.cc kube/client_test.cc kube/config_test.cc
  DEPS initscan_kube initscan_http initscan_certificates)
target_compile_options(unit_kube PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>)
