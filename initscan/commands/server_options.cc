#include "initscan/commands/server_options.h"

#include "common/cli/server_url.h"
#include "common/crypto/certificate_words.h"
#include "initscan/commands/own_folder.h"

#include <CLI/CLI.hpp>

namespace initscan {
namespace {

constexpr const char* kCourier = "initscan-courier";
constexpr int kMostSeconds = 600;  // kLongestErrand

}  // namespace

void add_server_options(CLI::App& command, ServerOptions& options) {
  add_server_url(
      command, "--server", options.match_url,
      "An initscan-server that matches in the place of --db; the policy here judges, and its onUnavailable says "
      "what becomes of a scan whose server does not answer");
  command.add_option("--server-token", options.token_file, "The bearer token for servers")->type_name("FILE");
  auto* file = command
                   .add_option("--server-ca", options.ca_file,
                               "The CA of servers' certificates, in PEM; without it the system's roots")
                   ->type_name("FILE");
  command
      .add_option("--server-ca-inline", options.ca_inline,
                  "The same itself: certificates in DER, each in base64, separated by commas")
      ->excludes(file)
      ->type_name("BASE64");
  command
      .add_option("--server-seconds", options.match_seconds, "How long to wait for what the server says, all in all")
      ->check(CLI::Range(1, kMostSeconds))
      ->type_name("N")
      ->capture_default_str();
}

void add_report_options(CLI::App& command, ServerOptions& options) {
  add_server_url(
      command, "--report-to", options.report_url,
      "An initscan-server that gets SBOM and verdict of each image: of one that is named by a tag, where the pod's "
      "node has said of which digest it is; that the server cannot be reached changes nothing about the verdict");
  command.add_option("--report-seconds", options.report_seconds, "How long reporting may take, all in all")
      ->check(CLI::Range(1, kMostSeconds))
      ->type_name("N")
      ->capture_default_str();
}

Result<void> check(const ServerOptions& options) {
  const bool has_server = !(options.match_url + options.report_url).empty();
  if (!options.ca_inline.empty()) {
    if (const auto pem = pem_of_certificate_words(options.ca_inline); !pem) {
      return Error{Errc::usage, "--server-ca-inline: " + pem.error().text};
    }
  }
  if (has_server || (options.token_file + options.ca_file + options.ca_inline).empty()) return {};
  const std::string option = !options.token_file.empty() ? "--server-token"
                             : options.ca_file.empty()   ? "--server-ca-inline"
                                                         : "--server-ca";
  return Error{Errc::usage, option + " needs a server to be named (--server)"};
}

std::optional<ServerToAsk> Servers::to_ask(const ServerOptions& options) {
  if (options.match_url.empty()) return std::nullopt;
  return ServerToAsk{courier ? &*courier : nullptr, fault, std::chrono::seconds(options.match_seconds)};
}

Servers reach_servers(const ServerOptions& options) {
  Servers servers;
  if ((options.match_url + options.report_url).empty()) return servers;
  const auto folder = own_folder();
  if (!folder) return {std::nullopt, folder.error().text};
  auto courier = Courier::start(*folder + '/' + kCourier, {options.match_url, options.report_url, options.token_file,
                                                           options.ca_file, options.ca_inline});
  if (!courier) return {std::nullopt, courier.error().text};
  servers.courier = std::move(*courier);
  return servers;
}

}  // namespace initscan
