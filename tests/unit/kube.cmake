initscan_unit_test(kube NET
  SOURCES common/kube/access_test.cc common/kube/client_test.cc common/kube/config_test.cc
  DEPS initscan_kube initscan_http initscan_certificates)
