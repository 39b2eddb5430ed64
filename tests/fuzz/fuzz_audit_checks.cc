// Whatever a pod says, every check answers once for each it asks, with a reason where it must have one, and no answer
// shows what stands in an environment variable, a command, an argument or a header. Who meets the Pod Security Standard
// restricted meets baseline.
#include "audit/check/evaluate.h"
#include "audit/check/pss/standard.h"
#include "audit/collect/pod_reader.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

namespace {

using namespace initscan::audit;

constexpr std::string_view kMark = "\x01mark";  // put into every value

void require(bool holds) {
  if (!holds) std::abort();
}

bool shows_mark(const std::vector<CheckResult>& results) {
  return std::any_of(results.begin(), results.end(), [](const CheckResult& result) {
    return (result.value + result.evidence + result.message).find(kMark) != std::string::npos;
  });
}

void check_answers(Pod pod, const CheckContext& context) {
  const std::vector<CheckResult> results = evaluate(pod, context);
  std::map<std::string_view, std::size_t> answers;
  for (const CheckResult& result : results) {
    ++answers[result.check->id];
    require(result.message.empty() == (result.outcome == Outcome::pass));
    require(result.outcome == Outcome::skip || !result.evidence.empty());
  }
  for (const Check& check : all_checks()) {
    const std::size_t count = answers[check.id];
    require(count == 1 || count == pod.containers.size() || check.id == "replica-drift");
  }

  if (shows_mark(results)) return;  // a name has it
  for (Container& container : pod.containers) {
    for (EnvironmentVariable& variable : container.environment) variable.value += kMark;
    for (Header& header : container.handler_headers) header.value += kMark;
    for (auto* const words : {&container.command, &container.args, &container.handler_words}) {
      for (std::string& word : *words) word += kMark;
    }
  }
  require(!shows_mark(evaluate(pod, context)));
}

bool meets(const Pod& pod, PssLevel level, PssVersion version) {
  const auto controls = evaluate_pss(pod, level, version);
  return std::all_of(controls.begin(), controls.end(), [](const PssControl& control) { return control.passed; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  simdjson::dom::parser parser;
  const simdjson::padded_string json(reinterpret_cast<const char*>(data), size);
  simdjson::dom::element object;
  if (parser.parse(json).get(object) != simdjson::SUCCESS) return 0;
  const auto pod = read_pod(object);
  if (!pod) return 0;

  ClusterFacts cluster;
  const AuditPolicy policy;
  check_answers(*pod, {cluster, policy, nullptr, {}});
  cluster.version = "v1.36.0";
  cluster.namespaces.value = {{pod->namespace_, Namespace{}}};
  cluster.nodes.value = {{pod->node, Node{true, "linux", "v1.36.0", "containerd://2.1.4"}}};
  cluster.token_automount.value.emplace();
  check_answers(*pod, {cluster, policy, nullptr, {}});
  for (const int minor : {0, 8, 19, 22, 25, 31, 35}) {
    require(!meets(*pod, PssLevel::restricted, {minor}) || meets(*pod, PssLevel::baseline, {minor}));
  }
  return 0;
}
