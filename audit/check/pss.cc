#include "audit/check/namespace_labels.h"
#include "audit/check/pss/standard.h"
#include "audit/check/question.h"

#include <array>

namespace initscan::audit {
namespace {

constexpr std::string_view kEnforce = "pod-security.kubernetes.io/enforce";
constexpr std::string_view kPolicyLevel = "podSecurityStandard.level of the audit policy";
constexpr std::string_view kEnforceVersion = "pod-security.kubernetes.io/enforce-version";

struct Standard {
  PssLevel level = PssLevel::restricted;
  PssVersion version = kLatestPss;
  std::string newer;         // the version that is asked for, where this program knows none as new
  bool is_enforced = false;  // by the namespace; otherwise the audit's policy asks for it
};

std::string text_of(PssVersion version) {
  return "v1." + std::to_string(version.minor);
}

// As in Kubernetes: an unknown level is the strictest, an unknown version the latest.
Standard standard_of(const StringMap& labels, const AuditPolicy& policy) {
  const auto level = labels.find(kEnforce);
  const auto version = labels.find(kEnforceVersion);
  const bool is_enforced = level != labels.end();
  const std::string& level_text = is_enforced ? level->second : policy.pss_level;
  std::string version_text = is_enforced ? "latest" : policy.pss_version;
  if (version != labels.end()) version_text = version->second;
  const auto known = parse_pss_version(version_text);
  const bool is_newer = known && version_text != "latest" && version_text != text_of(*known);
  return {parse_pss_level(level_text).value_or(PssLevel::restricted), known.value_or(kLatestPss),
          is_newer ? version_text : "", is_enforced};
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
  const std::string text = std::string(to_string(standard.level)) + ':' + text_of(standard.version);
  return standard.newer.empty() ? text : text + ", the newest known of " + standard.newer;
}

std::string label_path(const Pod& pod) {
  return "metadata.labels[" + std::string(kEnforce) + "] of namespace " + pod.namespace_;
}

Answer pod_security_standard(const PodSubject& subject) {
  const auto& [pod, context] = subject;
  const auto labels = namespace_labels(pod, context.cluster);
  if (!labels) {
    const Standard strictest;
    if (violations(pod, strictest).empty()) return pass(spoken(strictest), label_path(pod));
    return unknown(label_path(pod),
                   "it does not meet the level restricted, and which level its namespace requires is not known: " +
                       labels.why_not);
  }
  const Standard standard = standard_of(**labels, context.policy);
  if (standard.level == PssLevel::privileged) {
    return skip(standard.is_enforced ? "its namespace allows everything: the level is privileged"
                                     : "the audit policy requires only the level privileged");
  }
  const std::string path = standard.is_enforced ? label_path(pod) : std::string(kPolicyLevel);
  const std::string found = violations(pod, standard);
  if (found.empty()) return pass(spoken(standard), path);
  return fail(spoken(standard), path,
              "it violates " + spoken(standard) +
                  (standard.is_enforced ? ", which its namespace enforces: the API server would refuse the pod today: "
                                        : ", which the audit policy requires, but its namespace does not: ") +
                  found);
}

constexpr std::array kQuestions{ask_pod("pod-security-standard", pod_security_standard)};

}  // namespace

std::span<const Question> pss_questions() {
  return kQuestions;
}

}  // namespace initscan::audit
