// Reads pods, one JSON document a line, as the server does, and says of each in one line what it made of it: for tests
// that hold it against what kubelets reported. usage: read_pods ACCEPTED NAMESPACE_RULES <pods
// ACCEPTED: the data of a FinalState, in JSON.
// NAMESPACE_RULES: words of labelled, reports, excluded, opt-out; "" for none.

#include "common/json/parse.h"
#include "common/time/rfc3339.h"
#include "server/pods/pod_state.h"

#include <iostream>
#include <string>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

initscan::server::NamespaceRules rules_of(const std::string& words) {
  const auto has = [&](const char* word) { return words.find(word) != words.npos; };
  return {has("labelled"), has("reports"), has("excluded"), has("opt-out")};
}

Json json_of(const initscan::server::Scan& scan) {
  const auto text_of = [](const auto& time) { return time ? Json(initscan::format_rfc3339(*time)) : Json(); };
  return {{"key", scan.pod_uid + '/' + scan.container_id},
          {"exit", scan.exit_code},
          {"verdict", initscan::to_string(scan.verdict)},
          {"reason", scan.reason},
          {"line", scan.line.has_value()},
          {"started", text_of(scan.started)},
          {"finished", text_of(scan.finished)}};
}

Json json_of(const initscan::server::PodReading& reading, const initscan::server::NamespaceRules& rules) {
  using initscan::server::PodState;
  using initscan::server::Sameness;
  Json scans = Json::array();
  for (const auto& scan : reading.scans) scans.push_back(json_of(scan));
  const char* const sameness = reading.sameness == Sameness::same      ? "same"
                               : reading.sameness == Sameness::unknown ? "unknown"
                                                                       : "other";
  const PodState state = state_of(reading, rules);
  const bool is_blocked = state == PodState::blocked;
  return {{"state", to_string(state)},
          {"blockedBy", is_blocked ? Json(to_string(reading.blocked_by)) : Json()},
          {"sameness", sameness},
          {"scans", scans}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  const auto rules = rules_of(argv[2]);
  const auto accepted = initscan::server::accepted_in(initscan::json_or_null(argv[1]));
  for (std::string line; std::getline(std::cin, line);) {
    const auto reading = initscan::server::read_pod(initscan::json_or_null(line), accepted);
    std::cout << json_of(reading, rules).dump() << '\n';
  }
}
