initscan_unit_test(collect
  SOURCES initscan/analyze/analyze_image_test.cc initscan/analyze/apk_db_test.cc initscan/analyze/dpkg_status_test.cc
          initscan/analyze/os_release_test.cc initscan/analyze/rpm_analyzer_test.cc initscan/analyze/rpm_bdb_test.cc
          initscan/analyze/rpm_header_test.cc initscan/analyze/rpm_manifest_test.cc initscan/analyze/rpm_ndb_test.cc
          initscan/analyze/rpm_sqlite_test.cc initscan/analyze/traversal_test.cc initscan/confine/child_test.cc
          initscan/model/file_view_test.cc initscan/sbom/cyclonedx_test.cc initscan/sbom/named_release_test.cc
          initscan/sbom/purl_test.cc initscan/sbom/seal_test.cc initscan/source/open_image_test.cc initscan/source/rootfs_test.cc
  DEPS initscan_child initscan_collect initscan_sbom_reader initscan_seal PkgConfig::sqlite3)
initscan_unit_test(courier
  SOURCES initscan/courier/courier_test.cc initscan/courier/frame_test.cc initscan/courier/pack_test.cc
  DEPS initscan_courier initscan_courier_pack initscan_common PkgConfig::libzstd)
