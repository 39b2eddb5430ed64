initscan_unit_test(server_store POSTGRESQL
  SOURCES server/store/accepted_test.cc server/store/audits_test.cc server/store/migrations_test.cc server/store/postgresql_test.cc
          server/store/reports_test.cc server/store/retention_test.cc server/store/scans_test.cc server/store/settled_clock_test.cc
          server/store/sqlite_database_test.cc server/store/store_test.cc
  DEPS initscan_server_store PkgConfig::sqlite3)
initscan_unit_test(server NET
  SOURCES server/api/api_test.cc server/api/audit_body_test.cc server/api/body_test.cc server/api/json_answer_test.cc server/api/kept_answers_test.cc server/api/large_documents_test.cc
          server/api/report_body_test.cc server/api/routes_test.cc server/api/search_vulnerability_test.cc server/api/target_test.cc
          server/auth/authenticator_test.cc server/auth/client_limits_test.cc server/auth/remembered_test.cc server/auth/token_file_test.cc
          server/auth/token_review_test.cc server/index/shared_index_test.cc
  DEPS initscan_server_api initscan_advisory_builder PkgConfig::libzstd PkgConfig::zlib)
