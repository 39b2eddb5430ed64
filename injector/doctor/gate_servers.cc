#include "injector/doctor/gate_servers.h"

#include "common/gate/server_arguments.h"
#include "common/json/parts.h"
#include "common/text/join.h"
#include "injector/cluster/accepted_images.h"

#include <algorithm>
#include <iterator>

namespace initscan::injector {
namespace {

constexpr const char* kItem = "servers";

// Without token and authority, which are no words for people.
std::vector<std::string> named(const std::vector<std::string>& arguments) {
  std::vector<std::string> urls;
  std::copy_if(arguments.begin(), arguments.end(), std::back_inserter(urls), names_server);
  std::sort(urls.begin(), urls.end());
  return urls;
}

std::string words_for(const std::vector<std::string>& urls) {
  return urls.empty() ? "no server" : join(urls, " ");
}

}  // namespace

std::optional<CheckItem> judge_gate_servers(const Found& deployment, const DeployedArguments& said,
                                            const Found& parameters) {
  const std::vector<std::string> wanted = named(said.servers);
  if (!parameters.failure.empty()) {
    return wanted.empty() ? std::nullopt : std::optional(not_known(kItem, parameters.failure));
  }
  const std::vector<std::string> told =
      named(servers_of_word(published_servers(object_in(parameters.object, "data")).front()));
  if (wanted.empty() && told.empty()) return std::nullopt;
  if (!parameters.exists() || !deployment.exists() || wanted == told) {
    return CheckItem::ok(kItem, "gates are told: " + words_for(wanted.empty() ? told : wanted));
  }
  return CheckItem::warning(
      kItem, "gates are told: " + words_for(told) + "; the injector's arguments say: " + words_for(wanted),
      "it waits for the authority of --server-ca, or another replica leads; its log says which");
}

}  // namespace initscan::injector
