initscan_unit_test(common
  SOURCES common/base64_test.cc common/file_io_test.cc common/json_shape_test.cc common/json_splitter_test.cc common/json_writer_test.cc common/rfc3339_test.cc
          common/sha256_test.cc common/load_all_test.cc common/percent_test.cc common/visible_test.cc
  DEPS initscan_common initscan_digest initscan_json_splitter initscan_json_writer initscan_yaml)
