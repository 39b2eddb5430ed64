#include "initscan/commands/server_options.h"

#include "common/text/ascii.h"
#include "initscan/commands/own_folder.h"

#include <algorithm>

#include <CLI/CLI.hpp>

namespace initscan {
namespace {

constexpr const char* kCourier = "initscan-courier";
constexpr int kMostSeconds = 600;  // kLongestErrand

// A token goes there: nothing but TLS will do, nor a place that is put together with paths of ours to another one.
std::string fault_of_url(const std::string& url) {
  constexpr std::string_view kScheme = "https://";
  const std::string_view rest = std::string_view(url).substr(std::min(kScheme.size(), url.size()));
  const bool is_odd = std::any_of(rest.begin(), rest.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) > '~' || c == '?' || c == '#' ||
           c == '@' || c == '\\';
  });
  if (url.starts_with(kScheme) && !rest.empty() && rest.front() != '/' && rest.front() != ':' && !is_odd) return {};
  return "want https://HOST:PORT, without a query or a user";
}

CLI::Option* add_url(CLI::App& command, const std::string& option, std::string& url, const std::string& what) {
  return command
      .add_option_function<std::string>(
          option,
          [&url](std::string text) {
            while (text.ends_with('/')) text.pop_back();
            url = std::move(text);
          },
          what)
      ->check(CLI::Validator(fault_of_url, "URL"))
      ->type_name("");
}

}  // namespace

void add_server_options(CLI::App& command, ServerOptions& options) {
  add_url(command, "--server", options.match_url,
          "An initscan-server that matches in the place of --db; the policy here judges, and its onUnavailable says "
          "what becomes of a scan whose server does not answer");
  command.add_option("--server-token", options.token_file, "The bearer token for servers")->type_name("FILE");
  command
      .add_option("--server-ca", options.ca_file,
                  "The CA of servers' certificates, in PEM; without it the system's roots")
      ->type_name("FILE");
  command
      .add_option("--server-seconds", options.match_seconds, "How long to wait for what the server says, all in all")
      ->check(CLI::Range(1, kMostSeconds))
      ->type_name("N")
      ->capture_default_str();
}

void add_report_options(CLI::App& command, ServerOptions& options) {
  add_url(command, "--report-to", options.report_url,
          "An initscan-server that gets SBOM and verdict of each image that is named by digest; that it cannot be "
          "reached changes nothing about the verdict");
  command.add_option("--report-seconds", options.report_seconds, "How long reporting may take, all in all")
      ->check(CLI::Range(1, kMostSeconds))
      ->type_name("N")
      ->capture_default_str();
}

Result<void> check(const ServerOptions& options) {
  const bool has_server = !(options.match_url + options.report_url).empty();
  if (has_server || (options.token_file + options.ca_file).empty()) return {};
  const std::string option = options.token_file.empty() ? "--server-ca" : "--server-token";
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
  auto courier = Courier::start(*folder + '/' + kCourier,
                                {options.match_url, options.report_url, options.token_file, options.ca_file});
  if (!courier) return {std::nullopt, courier.error().text};
  servers.courier = std::move(*courier);
  return servers;
}

}  // namespace initscan
