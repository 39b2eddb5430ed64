initscan_unit_test(decide
  SOURCES decide/combine_test.cc decide/judge_test.cc decide/policy_file_test.cc decide/release_test.cc decide/report_test.cc decide/text_test.cc
  DEPS initscan_policy initscan_report nlohmann_json::nlohmann_json)
