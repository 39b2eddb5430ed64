initscan_unit_test(match
  SOURCES match/advisory_index_test.cc match/advisory_records_test.cc match/alpine_secdb_test.cc match/cvss_test.cc
          match/debian_list_test.cc match/feed_files_test.cc match/matcher_test.cc match/osv_events_test.cc
          match/osv_test.cc match/source_package_test.cc match/statements_test.cc match/version_test.cc
          match/vulnerability_names_test.cc
  DEPS initscan_advisory_builder initscan_advisory_index initscan_match)
