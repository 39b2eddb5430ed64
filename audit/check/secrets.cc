#include "audit/check/effective.h"
#include "audit/check/question.h"
#include "audit/check/secret_shape.h"

#include <array>

namespace initscan::audit {
namespace {

// Neither may show a value: what the audit writes is read by more people than the cluster's objects.

Answer literal_secret(const ContainerSubject& subject) {
  const std::string path = path_of(subject.container) + ".env";
  std::string found;
  std::string evidence;
  for (const EnvironmentVariable& variable : subject.container.environment) {
    const std::string_view shape = secret_shape(variable.name, variable.value);
    if (shape.empty()) continue;
    if (found.empty()) evidence = path + '[' + variable.name + "].value";
    found += (found.empty() ? "" : ", ") + variable.name + " (" + std::string(shape) + ')';
  }
  if (found.empty()) return pass("none", path);
  return fail(found, std::move(evidence), "secrets stand in its environment in clear: " + found);
}

Answer secret_in_environment(const ContainerSubject& subject) {
  const std::string path = path_of(subject.container);
  std::string found;
  std::string evidence;
  for (const EnvironmentVariable& variable : subject.container.environment) {
    const bool is_whole = variable.source == "secretRef";
    if (!is_whole && variable.source != "secretKeyRef") continue;
    if (found.empty()) {
      evidence = path + (is_whole ? ".envFrom[].secretRef" : ".env[" + variable.name + "].valueFrom.secretKeyRef");
    }
    found += (found.empty() ? "" : ", ") + variable.name;
  }
  if (found.empty()) return pass("none", path + ".env");
  return fail(found, std::move(evidence), "its environment takes values from Secrets: " + found);
}

constexpr std::array kQuestions{
    ask_container("literal-secret", literal_secret),
    ask_container("secret-in-environment", secret_in_environment),
};

}  // namespace

std::span<const Question> secrets_questions() {
  return kQuestions;
}

}  // namespace initscan::audit
