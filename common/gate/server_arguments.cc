#include "common/gate/server_arguments.h"

#include "common/text/join.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace initscan {
namespace {

constexpr char kSeparator = '|';  // in no URL that is taken, nor in base64
constexpr std::array<std::string_view, 4> kOptions{kReportTo, kServer, kServerToken, kServerCaInline};

}  // namespace

bool is_server_argument(std::string_view argument) {
  return std::any_of(kOptions.begin(), kOptions.end(),
                     [argument](std::string_view option) { return argument.starts_with(option); });
}

bool names_server(std::string_view argument) {
  return argument.starts_with(kReportTo) || argument.starts_with(kServer);
}

std::vector<std::string> server_arguments_in(const std::vector<std::string>& arguments) {
  std::vector<std::string> own;
  std::copy_if(arguments.begin(), arguments.end(), std::back_inserter(own), is_server_argument);
  return own;
}

std::string word_of_servers(const std::vector<std::string>& arguments) {
  return arguments.empty() ? kNoServers : join(arguments, std::string_view(&kSeparator, 1));
}

std::vector<std::string> servers_of_word(std::string_view word) {
  std::vector<std::string> arguments;
  while (!word.empty()) {
    const std::size_t end = std::min(word.find(kSeparator), word.size());
    arguments.emplace_back(word.substr(0, end));
    word.remove_prefix(std::min(end + 1, word.size()));
  }
  return server_arguments_in(arguments);
}

}  // namespace initscan
