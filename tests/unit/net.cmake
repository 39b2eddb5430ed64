initscan_unit_test(net NET
  SOURCES net/body_budget_test.cc net/chunked_body_test.cc net/message_reader_test.cc
  DEPS initscan_message initscan_http)
