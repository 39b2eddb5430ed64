initscan_unit_test(audit_check
  SOURCES audit/check/pss_admission_test.cc audit/check/read_yaml.cc
  DEPS initscan_audit_check initscan_audit_objects initscan_yaml)
