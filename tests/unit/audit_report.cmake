initscan_unit_test(audit_report NET
  SOURCES audit/report/escape_test.cc audit/report/formats_test.cc audit/report/html_test.cc audit/report/json_test.cc
          audit/report/metrics_test.cc audit/report/openreports_test.cc audit/report/words_test.cc
  DEPS initscan_audit_report initscan_audit_openreports nlohmann_json::nlohmann_json)
