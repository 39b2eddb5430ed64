#include "audit/check/effective.h"
#include "audit/check/question.h"
#include "audit/check/secret_shape.h"

#include <array>

namespace initscan::audit {
namespace {

// Neither may show a value: what the audit writes is read by more people than the cluster's objects.

// What was found: where it is, and why it counts as a secret.
struct Found {
  std::string value;
  std::string evidence;

  void add(const std::string& place, std::string_view shape, std::string where) {
    if (value.empty()) evidence = std::move(where);
    value += (value.empty() ? "" : ", ") + place + " (" + std::string(shape) + ')';
  }
};

void add_words(const std::vector<std::string>& words, const std::string& path, std::string_view field, Found& found) {
  for (const auto& [place, shape] : secret_words(words)) {
    const std::string name = std::string(field) + '[' + std::to_string(place) + ']';
    found.add(name, shape, path + '.' + name);
  }
}

Answer literal_secret(const ContainerSubject& subject) {
  const Container& container = subject.container;
  const std::string path = path_of(container);
  Found found;
  for (const EnvironmentVariable& variable : container.environment) {
    const std::string_view shape = secret_shape(variable.name, variable.value);
    if (!shape.empty()) found.add(variable.name, shape, path + ".env[" + variable.name + "].value");
  }
  add_words(container.command, path, "command", found);
  add_words(container.args, path, "args", found);
  for (const Header& header : container.handler_headers) {
    const std::string_view shape = secret_shape(header.name, header.value);
    if (!shape.empty())
      found.add("header " + header.name, shape, path + ": httpHeaders of a probe or a lifecycle hook");
  }
  if (const auto words = secret_words(container.handler_words); !words.empty()) {
    found.add("exec.command", words.front().shape, path + ": exec.command of a probe or a lifecycle hook");
  }
  if (found.value.empty()) return pass("none", path);
  return fail(found.value, std::move(found.evidence), "its manifest contains secrets in clear text: " + found.value);
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
