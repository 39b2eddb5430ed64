initscan_unit_test(audit_collect NET
  SOURCES audit/check/read_yaml.cc audit/collect/detour_reader_test.cc audit/collect/facts_builder_test.cc
          audit/collect/file_source_test.cc audit/collect/kube_source_test.cc audit/collect/own_containers_test.cc
          audit/collect/pod_reader_test.cc audit/collect/stats_reader_test.cc audit/collect/yaml_splitter_test.cc
          audit/images/scanned_images_test.cc audit/pipeline_test.cc
  DEPS initscan_audit_files initscan_audit_cluster initscan_audit_images initscan_audit_pipeline
       initscan_advisory_builder initscan_http initscan_certificates initscan_yaml)
