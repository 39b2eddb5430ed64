initscan_unit_test(common
  SOURCES common/config/from_json_test.cc common/config/from_yaml_test.cc common/config/strict_mapping_test.cc
          common/crypto/base64_test.cc common/crypto/peer_certificate_test.cc common/crypto/sha256_test.cc common/file_io_test.cc common/json/beginning_test.cc common/json/members_test.cc common/json/parse_dom_test.cc
          common/json/shape_test.cc common/json/splitter_test.cc common/json/writer_test.cc common/text/cut_test.cc common/text/percent_test.cc common/text/plain_number_test.cc
          common/text/visible_test.cc common/text/whole_number_test.cc common/time/day_test.cc common/time/rfc3339_test.cc common/yaml/load_all_test.cc
  DEPS initscan_common initscan_config initscan_digest initscan_json_splitter initscan_json_writer initscan_peer_certificate initscan_yaml)
