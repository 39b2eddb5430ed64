initscan_unit_test(cluster NET
  SOURCES cluster/capabilities_test.cc cluster/certificates_test.cc cluster/event_writer_test.cc cluster/events_test.cc
          cluster/gate_outcome_test.cc cluster/pod_event_test.cc cluster/policy_publisher_test.cc cluster/settings_test.cc
          cluster/hardening_reader_test.cc cluster/status_test.cc
  DEPS initscan_injector_cluster initscan_http)
