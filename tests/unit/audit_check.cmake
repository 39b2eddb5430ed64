initscan_unit_test(audit_check
  SOURCES audit/check/docs_test.cc audit/check/effective_test.cc audit/check/fixtures_capabilities.cc
          audit/check/fixtures_images.cc audit/check/fixtures_node.cc audit/check/fixtures_privileges.cc
          audit/check/fixtures_profiles.cc audit/check/fixtures_runtime.cc audit/check/fixtures_secrets.cc
          audit/check/fixtures_test.cc audit/check/image_name_test.cc audit/check/pss_admission_test.cc
          audit/check/pss_test.cc audit/check/read_yaml.cc audit/check/secret_shape_test.cc
          audit/policy/policy_file_test.cc
  DEPS initscan_audit_check initscan_audit_objects initscan_audit_policy initscan_yaml)
target_compile_definitions(unit_audit_check PRIVATE INITSCAN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
