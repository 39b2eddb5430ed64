initscan_unit_test(decide
  SOURCES initscan/policy/combine_test.cc initscan/policy/fields_test.cc initscan/policy/judge_test.cc
          initscan/policy/policy_file_test.cc initscan/policy/release_test.cc initscan/report/full_report_test.cc initscan/report/gate_line_test.cc
          initscan/report/meanings_test.cc
          initscan/report/reasons_page_test.cc initscan/report/report_test.cc initscan/report/text_test.cc
  DEPS initscan_policy initscan_report Boost::headers nlohmann_json::nlohmann_json yaml-cpp)
target_compile_definitions(unit_decide PRIVATE INITSCAN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
