initscan_unit_test(server_store
  SOURCES server/store/database_test.cc server/store/migrations_test.cc server/store/reports_test.cc
          server/store/retention_test.cc
  DEPS initscan_server_store PkgConfig::sqlite3)
