#pragma once

#include "audit/check/evaluate.h"

#include <span>
#include <string>
#include <string_view>

namespace initscan::audit {

// What a check says; evaluate() adds which check it is and of which container.
struct Answer {
  Outcome outcome = Outcome::unknown;
  std::string value;
  std::string evidence;
  std::string message;
};

inline Answer pass(std::string value, std::string evidence) {
  return {Outcome::pass, std::move(value), std::move(evidence), {}};
}

inline Answer fail(std::string value, std::string evidence, std::string message) {
  return {Outcome::fail, std::move(value), std::move(evidence), std::move(message)};
}

/// `why`: what is not known, in a sentence.
inline Answer unknown(std::string evidence, std::string why) {
  return {Outcome::unknown, {}, std::move(evidence), std::move(why)};
}

inline Answer skip(std::string why) {
  return {Outcome::skip, {}, {}, std::move(why)};
}

inline Answer skip_on_windows() {
  return skip("Windows has no such setting");
}

// Whom a question is about, and what else is known.
struct PodSubject {
  const Pod& pod;
  const CheckContext& context;
};

struct ContainerSubject {
  const Container& container;
  const Pod& pod;
  const CheckContext& context;
};

// How one check finds its answer: it asks each container, or the pod, or all pods of a workload together.
struct Question {
  std::string_view check;
  Answer (*of_container)(const ContainerSubject&) = nullptr;
  Answer (*of_pod)(const PodSubject&) = nullptr;
  Answer (*of_workload)(const WorkloadContainer&) = nullptr;
};

constexpr Question ask_container(std::string_view check, Answer (*question)(const ContainerSubject&)) {
  return {check, question, nullptr, nullptr};
}

constexpr Question ask_pod(std::string_view check, Answer (*question)(const PodSubject&)) {
  return {check, nullptr, question, nullptr};
}

constexpr Question ask_workload(std::string_view check, Answer (*question)(const WorkloadContainer&)) {
  return {check, nullptr, nullptr, question};
}

// The families, each in the file of its name. To add a check: a row in catalogue.cc, a question in its family.
std::span<const Question> mutability_questions();
std::span<const Question> privileges_questions();
std::span<const Question> capabilities_questions();
std::span<const Question> user_questions();
std::span<const Question> host_questions();
std::span<const Question> profiles_questions();
std::span<const Question> kernel_questions();
std::span<const Question> debug_questions();
std::span<const Question> images_questions();
std::span<const Question> secrets_questions();
std::span<const Question> token_questions();
std::span<const Question> rights_questions();
std::span<const Question> resources_questions();
std::span<const Question> runtime_questions();
std::span<const Question> vulnerabilities_questions();
std::span<const Question> scans_questions();
std::span<const Question> pss_questions();

}  // namespace initscan::audit
