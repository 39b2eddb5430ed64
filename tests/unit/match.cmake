initscan_unit_test(match
  SOURCES initscan/advisory/feed/alpine_secdb_test.cc initscan/advisory/feed/amazon_page_test.cc
          initscan/advisory/feed/cvss_test.cc initscan/advisory/feed/debian_cve_list_test.cc
          initscan/advisory/feed/debian_json_test.cc
          initscan/advisory/feed/debian_list_test.cc initscan/advisory/feed/feed_files_test.cc
          initscan/advisory/feed/matched_ecosystem_test.cc initscan/advisory/feed/osv_events_test.cc
          initscan/advisory/feed/osv_archive_test.cc initscan/advisory/feed/osv_listing_test.cc
          initscan/advisory/feed/osv_test.cc initscan/advisory/feed/oval_test.cc initscan/advisory/feed/photon_test.cc
          initscan/advisory/feed/redhat_csaf_test.cc initscan/advisory/feed/redhat_cve_test.cc
          initscan/advisory/feed/rustsec_test.cc initscan/advisory/feed/text_pool_test.cc initscan/advisory/feed/ubuntu_tracker_test.cc
          initscan/advisory/feed/updateinfo_test.cc initscan/advisory/feed/vulnerability_names_test.cc
          initscan/advisory/feed/xml_events_test.cc initscan/advisory/index/advisory_index_test.cc
          initscan/advisory/index/advisory_records_test.cc initscan/advisory/index/advisory_terms_test.cc
          initscan/advisory/index/advisory_yields_test.cc
          initscan/advisory/index/index_seal_test.cc initscan/advisory/index/packed_test.cc
          initscan/advisory/overlay/overlay_sources_test.cc initscan/advisory/overlay/overlay_test.cc
          initscan/match/local_matcher_test.cc initscan/match/match_answer_test.cc initscan/match/matcher_test.cc initscan/match/remote_matcher_test.cc
          initscan/match/source_package_test.cc initscan/match/statements_test.cc initscan/match/vulnerability_test.cc
          initscan/model/ecosystems_test.cc initscan/model/scope_text_test.cc initscan/version/version_test.cc
          initscan/version/written_range_test.cc
  DEPS initscan_advisory_builder initscan_advisory_index initscan_advisory_overlay initscan_advisory_seal initscan_remote_matcher)
