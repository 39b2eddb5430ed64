initscan_unit_test(kube NET
  SOURCES common/kube/access_test.cc common/kube/change_log_test.cc common/kube/client_test.cc common/kube/config_test.cc
          common/kube/reflector_test.cc common/kube/repeat_test.cc common/kube/replica_test.cc
  DEPS initscan_kube initscan_kube_follow initscan_http initscan_certificates spdlog::spdlog)
