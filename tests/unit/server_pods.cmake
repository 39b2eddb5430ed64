initscan_unit_test(server_pods
  SOURCES server/pods/gate_line_reader_test.cc server/pods/own_gate_test.cc server/pods/pod_state_test.cc
          server/pods/reporting_pod_test.cc server/pods/scans_test.cc
  DEPS initscan_server_pods initscan_report nlohmann_json::nlohmann_json)
initscan_unit_test(server_watch NET
  SOURCES server/metrics/scan_metrics_test.cc server/watch/advisory_dates_test.cc server/watch/block_event_test.cc server/watch/pod_table_test.cc
  DEPS initscan_server_watch)
