initscan_unit_test(collect
  SOURCES collect/analyze_image_test.cc collect/apk_db_test.cc collect/cyclonedx_test.cc collect/dpkg_status_test.cc collect/named_release_test.cc
          collect/os_release_test.cc collect/purl_test.cc collect/rootfs_test.cc collect/seal_test.cc
  DEPS initscan_collect initscan_sbom_reader initscan_seal)
