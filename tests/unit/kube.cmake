initscan_unit_test(kube NET
  SOURCES kube/access_test.cc kube/backoff_test.cc kube/client_test.cc kube/config_test.cc
  DEPS initscan_kube initscan_http initscan_certificates)
