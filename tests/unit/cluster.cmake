initscan_unit_test(cluster NET
  SOURCES injector/certificates/certificates_test.cc injector/cluster/capabilities_test.cc
          injector/cluster/event_writer_test.cc injector/cluster/events_test.cc injector/cluster/gate_outcome_test.cc
          injector/cluster/hardening_reader_test.cc injector/cluster/pod_event_test.cc
          injector/cluster/policy_publisher_test.cc injector/cluster/settings_from_folder_test.cc
          injector/cluster/settings_test.cc injector/cluster/status_test.cc
  DEPS initscan_injector_cluster initscan_http)
