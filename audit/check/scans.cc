#include "audit/check/effective.h"
#include "audit/check/gate.h"
#include "audit/check/namespace_labels.h"
#include "audit/check/question.h"
#include "common/names.h"

#include <algorithm>
#include <array>

namespace initscan::audit {
namespace {

constexpr std::string_view kNoGate = "no gate of initscan is in its pod";

constexpr std::string_view kNotAsked = "its namespace does not require scans";

std::string gate_path() {
  return std::string("spec.initContainers[") + names::kGate + ']';
}

std::string label_path() {
  return std::string("metadata.labels[") + names::kInject + ']';
}

bool has_label(const StringMap& labels, std::string_view value) {
  const auto label = labels.find(names::kInject);
  return label != labels.end() && label->second == value;
}

// What lets a pod without a gate be there in a namespace that asks for one; an answer without a value: nothing does.
// Who may give a pod that label is decided when it is made.
Answer exemption_of(const Pod& pod, const ClusterFacts& cluster) {
  if (is_windows(pod, cluster)) return fail("Windows", "spec.os.name", "Windows pods are not scanned");
  if (!has_label(pod.labels, "disabled")) return {};
  return fail(std::string(names::kInject) + "=disabled", label_path(),
              "its label exempts it; only those who may bypass initscan can set it");
}

Answer never_scanned(const PodSubject& subject) {
  const auto& [pod, context] = subject;
  const std::string path = gate_path();
  if (has_not_started(pod)) return skip("it has not started yet");
  const auto labels = namespace_labels(pod, context.cluster);
  if (!labels) { return unknown(path, "whether its namespace requires scans is not known: " + labels.why_not); }
  if (!has_label(**labels, "enabled")) return skip(std::string(kNotAsked));
  if (pod.gate) return pass("scanned", path);
  if (pod.gate_problem.empty() && !exemption_of(pod, context.cluster).value.empty()) {
    return skip("it is exempt: see scan-exempt");
  }
  if (!pod.gate_problem.empty()) {
    return fail("changed", path, "it was started without a scan that counts: its gate is not as the injector makes it");
  }
  return fail(std::string("no ") + names::kGate, path,
              "it was started without a scan, although its namespace requires one");
}

// It is worth knowing that nothing has examined it, although the scan was not bypassed.
Answer scan_exempt(const PodSubject& subject) {
  const auto& [pod, context] = subject;
  if (pod.gate) return pass("scanned", gate_path());
  Answer exempt = exemption_of(pod, context.cluster);
  if (exempt.value.empty()) return pass("not exempt", label_path());
  const auto labels = namespace_labels(pod, context.cluster);
  if (!labels) {
    return unknown(exempt.evidence, "whether its namespace requires scans is not known: " + labels.why_not);
  }
  return has_label(**labels, "enabled") ? exempt : skip(std::string(kNotAsked));
}

Answer gate_changed(const PodSubject& subject) {
  const Pod& pod = subject.pod;
  std::string path = gate_path();
  if (pod.gate) return pass("as injected", std::move(path));
  if (pod.gate_problem.empty()) return skip(std::string(kNoGate));
  return fail(pod.gate_problem, std::move(path), "its gate is not as the injector makes it: " + pod.gate_problem);
}

// By the name that the container asks for, and by the bits that both got for it where the node says them.
Answer gate_image(const ContainerSubject& subject) {
  const Container& container = subject.container;
  const Pod& pod = subject.pod;
  if (!pod.gate) return skip(std::string(kNoGate));
  if (has_not_started(container, pod)) return skip("it has not started yet");
  std::string path = path_of(container) + ".image";
  const std::vector<ScannedImage>& scanned = pod.gate->scanned;
  const auto same = std::find_if(scanned.begin(), scanned.end(),
                                 [&](const ScannedImage& image) { return image.reference == container.image; });
  if (same == scanned.end()) {
    return fail(container.image, std::move(path), "its gate did not scan the image " + container.image);
  }
  const std::string_view looked_at = digest_of(same->image_id);
  const std::string_view runs = digest_of(container.status.image_id);
  if (looked_at.empty() || runs.empty() || looked_at == runs) return pass(container.image, std::move(path));
  return fail(std::string(runs), status_path(container, "imageID"),
              "it runs " + std::string(runs) + ", and its gate scanned " + std::string(looked_at) +
                  ": the tag has moved since");
}

constexpr std::array kQuestions{
    ask_pod("never-scanned", never_scanned),
    ask_pod("scan-exempt", scan_exempt),
    ask_pod("gate-changed", gate_changed),
    ask_container("gate-image", gate_image),
    ask_pod("other-image-source", other_image_source),
};

}  // namespace

std::span<const Question> scans_questions() {
  return kQuestions;
}

}  // namespace initscan::audit
