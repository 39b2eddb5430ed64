initscan_unit_test(audit_judge
  SOURCES audit/harden/file_changes_test.cc audit/harden/known_programs_test.cc audit/harden/patch_test.cc
          audit/harden/template_digest_test.cc audit/harden/write_directories_test.cc audit/harden/write_plan_test.cc
          audit/judge/exceptions_test.cc audit/judge/findings_test.cc audit/judge/glob_test.cc
          audit/judge/granted_test.cc audit/judge/owner_test.cc audit/judge/score_test.cc
          audit/judge/selecting_test.cc audit/judge/text_pool_test.cc audit/judge/workloads_test.cc
          audit/plan/waves_test.cc
  DEPS initscan_audit_plan yaml-cpp)
target_compile_definitions(unit_audit_judge PRIVATE INITSCAN_DOCS="${PROJECT_SOURCE_DIR}/docs")

initscan_unit_test(audit_compare NET
  SOURCES audit/compare/compare_test.cc audit/compare/history_test.cc audit/rotate/restartable_test.cc
  DEPS initscan_audit_history initscan_audit_report initscan_audit_rotate PkgConfig::sqlite3)
