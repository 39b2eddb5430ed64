#include "common/cli/server_url.h"

#include <algorithm>
#include <string_view>

#include <CLI/CLI.hpp>

namespace initscan {
namespace {

constexpr std::string_view kOdd = "?#@\\|";

}  // namespace

std::string fault_of_server_url(const std::string& url) {
  constexpr std::string_view kScheme = "https://";
  const std::string_view rest = std::string_view(url).substr(std::min(kScheme.size(), url.size()));
  const bool is_odd = std::any_of(rest.begin(), rest.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) > '~' || kOdd.find(c) != kOdd.npos;
  });
  if (url.starts_with(kScheme) && !rest.empty() && rest.front() != '/' && rest.front() != ':' && !is_odd) return {};
  return "want https://HOST:PORT, without a query or a user";
}

CLI::Option* add_server_url(CLI::App& command, const std::string& option, std::string& url, const std::string& what) {
  return command
      .add_option_function<std::string>(
          option,
          [&url](std::string text) {
            while (text.ends_with('/')) text.pop_back();
            url = std::move(text);
          },
          what)
      ->check(CLI::Validator(fault_of_server_url, "URL"))
      ->type_name("");
}

}  // namespace initscan
