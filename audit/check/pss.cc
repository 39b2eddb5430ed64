#include "audit/check/namespace_labels.h"
#include "audit/check/pss/standard.h"
#include "audit/check/question.h"

#include <array>

namespace initscan::audit {
namespace {

constexpr std::string_view kEnforce = "pod-security.kubernetes.io/enforce";
constexpr std::string_view kEnforceVersion = "pod-security.kubernetes.io/enforce-version";

struct Standard {
  PssLevel level = PssLevel::restricted;
  PssVersion version = kLatestPss;
};

// As Kubernetes does it: a level that nobody knows is the strictest, a version that nobody knows the latest.
Standard standard_of(const StringMap& labels, const AuditPolicy& policy) {
  const auto level = labels.find(kEnforce);
  const auto version = labels.find(kEnforceVersion);
  const std::string& level_text = level == labels.end() ? policy.pss_level : level->second;
  std::string_view version_text = policy.pss_version;
  if (version != labels.end()) version_text = version->second;
  if (level != labels.end() && version == labels.end()) version_text = "latest";
  return {parse_pss_level(level_text).value_or(PssLevel::restricted),
          parse_pss_version(version_text).value_or(kLatestPss)};
}

std::string violations(const Pod& pod, const Standard& standard) {
  std::string text;
  for (const PssControl& control : evaluate_pss(pod, standard.level, standard.version)) {
    if (control.passed) continue;
    text += (text.empty() ? "" : "; ") + std::string(control.control) + ": " + control.message;
  }
  return text;
}

std::string spoken(const Standard& standard) {
  return std::string(to_string(standard.level)) + ":v1." + std::to_string(standard.version.minor);
}

Answer pod_security_standard(const PodSubject& subject) {
  const auto& [pod, context] = subject;
  const std::string path = "metadata.labels[" + std::string(kEnforce) + "] of namespace " + pod.namespace_;
  const auto labels = namespace_labels(pod, context.cluster);
  if (!labels) {
    const Standard strictest;
    if (violations(pod, strictest).empty()) return pass(spoken(strictest), path);
    return unknown(path, "it does not meet the level restricted, and which one its namespace asks for is not known: " +
                             labels.why_not);
  }
  const Standard standard = standard_of(**labels, context.policy);
  if (standard.level == PssLevel::privileged) return skip("its namespace allows everything: the level is privileged");
  const std::string found = violations(pod, standard);
  if (found.empty()) return pass(spoken(standard), path);
  return fail(spoken(standard), path, "it violates " + spoken(standard) + ": " + found);
}

constexpr std::array kQuestions{ask_pod("pod-security-standard", pod_security_standard)};

}  // namespace

std::span<const Question> pss_questions() {
  return kQuestions;
}

}  // namespace initscan::audit
