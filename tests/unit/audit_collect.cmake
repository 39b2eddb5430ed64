initscan_unit_test(audit_collect
  SOURCES audit/collect/facts_builder_test.cc audit/collect/file_source_test.cc audit/collect/json_splitter_test.cc
          audit/collect/pod_reader_test.cc audit/collect/yaml_splitter_test.cc audit/images/sbom_folder_test.cc
  DEPS initscan_audit_files initscan_audit_images initscan_advisory_builder)
