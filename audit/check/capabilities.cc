#include "audit/check/effective.h"
#include "audit/check/gate.h"
#include "audit/check/pss/allowed.h"
#include "audit/check/question.h"
#include "common/text/join.h"

#include <algorithm>
#include <array>

namespace initscan::audit {
namespace {

constexpr std::string_view kAdd = "capabilities.add";
constexpr std::string_view kDrop = "capabilities.drop";
constexpr std::string_view kAllOfThem = "all of them (privileged)";

std::string listed(const std::vector<std::string>& names) {
  return names.empty() ? "none" : join(names);
}

std::vector<std::string> normalized(const std::vector<std::string>& written) {
  std::vector<std::string> names;
  names.reserve(written.size());
  for (const std::string& name : written) names.push_back(capability_name(name));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Answer all_through_privileged(const Container& container) {
  return fail(std::string(kAllOfThem), security_path(container, "privileged"),
              "it has every capability, because it is privileged");
}

Answer sys_admin(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  if (is_windows(pod, context.cluster)) return skip_on_windows();
  if (is_privileged(container)) return all_through_privileged(container);
  const std::string path = security_path(container, kAdd);
  const std::string value = listed(normalized(container.security.add_capabilities));
  // No runtime gives it by default, so that the manifest alone decides.
  if (has_capability(container, "SYS_ADMIN", {}) != Answered::yes) return pass(value, path);
  return fail(value, path, "it has the capability SYS_ADMIN");
}

Answer added_capabilities(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  if (is_windows(pod, context.cluster)) return skip_on_windows();
  if (is_privileged(container)) return all_through_privileged(container);
  const std::string path = security_path(container, kAdd);
  std::vector<std::string> names = normalized(container.security.add_capabilities);
  std::string value = listed(names);
  std::erase_if(names, [](const std::string& name) { return pss::is_default_capability(name); });
  if (names.empty()) return pass(std::move(value), path);
  return fail(std::move(value), path, "it adds capabilities beyond the default set: " + listed(names));
}

Answer net_raw(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  if (is_windows(pod, context.cluster)) return skip_on_windows();
  if (is_privileged(container)) return all_through_privileged(container);
  const std::string path = security_path(container, kDrop);
  const std::string_view runtime = runtime_of(pod, context.cluster);
  switch (has_capability(container, "NET_RAW", runtime)) {
    case Answered::no: return pass("dropped: " + listed(normalized(container.security.drop_capabilities)), path);
    case Answered::yes:
      return fail("dropped: " + listed(normalized(container.security.drop_capabilities)), path,
                  "it has the capability NET_RAW");
    case Answered::unknown: break;
  }
  // Without a node it has no runtime that could be asked for its defaults.
  if (has_not_started(container, pod)) return skip("it has not started yet");
  return unknown(
      path, "it does not drop NET_RAW, and whether its runtime gives it by default is not known: " +
                (runtime.empty() ? "the node's runtime could not be read" : "the runtime is " + std::string(runtime)));
}

Answer undropped_capabilities(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  if (is_windows(pod, context.cluster)) return skip_on_windows();
  if (is_privileged(container)) return all_through_privileged(container);
  const std::string path = security_path(container, kDrop);
  const std::vector<std::string> drops = normalized(container.security.drop_capabilities);
  std::vector<std::string> adds = normalized(container.security.add_capabilities);
  std::string value = "drops " + listed(drops) + ", adds " + listed(adds);
  const bool keeps_some = std::any_of(kRuntimeDefaults.begin(), kRuntimeDefaults.end(), [&](std::string_view name) {
    return std::find(drops.begin(), drops.end(), name) == drops.end();
  });
  if (keeps_some && std::find(drops.begin(), drops.end(), "ALL") == drops.end()) {
    return fail(std::move(value), path, "it does not drop ALL capabilities");
  }
  std::erase(adds, "NET_BIND_SERVICE");
  if (adds.empty()) return pass(std::move(value), path);
  return fail(std::move(value), security_path(container, kAdd), "it adds capabilities back: " + listed(adds));
}

constexpr std::array kQuestions{
    ask_container("sys-admin", sys_admin),
    ask_container("added-capabilities", added_capabilities),
    ask_container("net-raw", net_raw),
    ask_container("undropped-capabilities", undropped_capabilities),
};

}  // namespace

std::span<const Question> capabilities_questions() {
  return kQuestions;
}

}  // namespace initscan::audit
