#include "audit/check/namespace_labels.h"
#include "audit/check/question.h"

#include <algorithm>
#include <array>

namespace initscan::audit {
namespace {

constexpr std::string_view kLabel = "initscan.io/inject";
constexpr std::string_view kGate = "initscan-gate";  // the admission policy lets nobody else use the name

Answer never_scanned(const PodSubject& subject) {
  const auto& [pod, context] = subject;
  const std::string path = "spec.initContainers[" + std::string(kGate) + ']';
  const auto labels = namespace_labels(pod, context.cluster);
  if (!labels) { return unknown(path, "whether its namespace asks for scans is not known: " + labels.why_not); }
  const auto label = (*labels)->find(kLabel);
  if (label == (*labels)->end() || label->second != "enabled") return skip("its namespace does not ask for scans");
  const bool has_gate = std::any_of(pod.containers.begin(), pod.containers.end(), [](const Container& container) {
    return container.kind == ContainerKind::init && container.name == kGate;
  });
  if (has_gate) return pass("scanned", path);
  return fail("no " + std::string(kGate), path, "it was started without a scan, though its namespace asks for one");
}

constexpr std::array kQuestions{ask_pod("never-scanned", never_scanned)};

}  // namespace

std::span<const Question> scans_questions() {
  return kQuestions;
}

}  // namespace initscan::audit
