initscan_unit_test(net NET
  SOURCES common/cli/server_url_test.cc common/cli/serving_test.cc common/crypto/certificate_words_test.cc common/http/answer_budget_test.cc common/http/body_budget_test.cc common/http/client_hostile_test.cc common/http/client_test.cc common/http/client_tls_test.cc
          common/net/backoff_test.cc common/net/chunked_body_test.cc common/net/listen_address_test.cc common/net/message_reader_test.cc common/net/turns_test.cc
  DEPS initscan_message initscan_http initscan_http_client initscan_certificate_words initscan_certificates initscan_cli initscan_serving CLI11::CLI11)
initscan_unit_test(fetch NET
  SOURCES initscan/fetch/download_test.cc initscan/fetch/fetch_line_test.cc initscan/fetch/kept_file_test.cc
  DEPS initscan_download initscan_fetch initscan_net)
initscan_unit_test(registry NET
  SOURCES initscan/registry/challenge_test.cc initscan/registry/credentials_test.cc initscan/registry/layer_test.cc
          initscan/registry/manifest_test.cc initscan/registry/reference_test.cc initscan/registry/registry_client_test.cc
  DEPS initscan_registry_client initscan_net ${z_STATIC})
