#include "common/cli/serving.h"

#include <algorithm>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using Words = std::vector<std::string>;

// What a command line makes of the options, or why it does not.
Result<ServingOptions> read(Words words, bool wants_certificate = false) {
  ServingOptions options;
  CLI::App app;
  add_listen_options(app, options, "listen", wants_certificate);
  add_load_options(app, options);
  add_log_option(app, options);
  std::reverse(words.begin(), words.end());  // as CLI11 takes them
  try {
    app.parse(words);
  } catch (const CLI::ParseError& e) { return Error{Errc::usage, e.what()}; }
  if (auto settled = settle_serving(options); !settled) return settled.error();
  return options;
}

TEST(ServingOptions, AreReadAsTheyAreSaid) {
  const auto options = read({"--listen=[::1]:1", "--tls-cert=c", "--tls-key=k", "--tls-reload-seconds=3", "--threads=2",
                             "--drain-seconds=0", "--log-level=debug"});
  ASSERT_TRUE(options) << options.error().text;
  EXPECT_EQ(options->server.address, "::1");
  EXPECT_EQ(options->server.port, 1);
  EXPECT_EQ(options->server.certificate_file, "c");
  EXPECT_EQ(options->server.key_file, "k");
  EXPECT_EQ(options->server.reload, std::chrono::seconds(3));
  EXPECT_EQ(options->server.threads, 2u);
  EXPECT_EQ(options->server.drain, std::chrono::seconds(0));
  EXPECT_EQ(options->log_level, "debug");
}

TEST(ServingOptions, StayWhereNothingIsSaid) {
  const auto options = read({});
  ASSERT_TRUE(options) << options.error().text;
  EXPECT_EQ(options->server.address, "0.0.0.0");
  EXPECT_EQ(options->server.port, 8443);
  EXPECT_EQ(options->server.reload, HttpServerOptions().reload);
  EXPECT_EQ(options->server.drain, HttpServerOptions().drain);
}

TEST(ServingOptions, SayWhatIsWrongWithThem) {
  EXPECT_EQ(read({"--listen=x"}).error().text, "--listen: want ADDRESS:PORT, got \"x\"");
  EXPECT_EQ(read({"--tls-cert=c"}).error().text, "--tls-cert requires --tls-key");
  EXPECT_EQ(read({"--tls-key=k"}).error().text, "--tls-key requires --tls-cert");
  EXPECT_EQ(read({}, true).error().text, "--tls-cert is required");
  EXPECT_FALSE(read({"--tls-reload-seconds=0"}));
  EXPECT_FALSE(read({"--threads=65"}));
  EXPECT_FALSE(read({"--drain-seconds=-1"}));
  EXPECT_FALSE(read({"--log-level=all"}));
}

}  // namespace
}  // namespace initscan
