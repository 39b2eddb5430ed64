#pragma once

#include "audit/model/pod.h"
#include "initscan/model/severity.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace initscan::audit {

enum class Outcome : std::uint8_t { pass, skip, unknown, fail };

constexpr std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass: return "pass";
    case Outcome::skip: return "skip";
    case Outcome::unknown: return "unknown";
    case Outcome::fail: return "fail";
  }
  return "unknown";
}

// One question that the audit asks, and where else it is asked. All views are of static storage.
struct Check {
  std::string_view id;                    // "writable-root"; stable, in reports and exceptions
  std::string_view title;                 // "Root file system is writable"
  std::string_view family;                // one file of checks: "mutability"
  Severity severity = Severity::unknown;  // of a failure
  std::string_view cis_docker = {};       // "5.13"; "" where it has none, as all below
  std::string_view cis_kubernetes = {};
  std::string_view pss = {};  // baseline, restricted
  std::string_view nsa = {};
  std::string_view kubescape = {};  // "C-0017"
  std::string_view trivy = {};      // "KSV-0014"
  std::string_view why;             // what it lets an attacker or an accident do
  std::string_view remedy;          // what to change, in the words of the manifest
  std::string_view unknown_when;    // what keeps it from an answer; "never: " and why where nothing does
};

// What a check says of one container, or of the pod as a whole where `container` is empty.
struct CheckResult {
  const Check* check = nullptr;
  Outcome outcome = Outcome::unknown;
  std::string container;
  ContainerKind kind = ContainerKind::regular;
  std::string value;     // the effective value: "false (not set)", "root (uid 0, pod)"
  std::string evidence;  // where it is: "spec.containers[shop].securityContext.readOnlyRootFilesystem"
  std::string message;   // one sentence for people, "" with `pass`; with `unknown`: why it is not known

  auto operator<=>(const CheckResult&) const = default;
};

}  // namespace initscan::audit
