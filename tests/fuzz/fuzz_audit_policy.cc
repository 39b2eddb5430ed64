// Whatever comes out of the audit's policy must be usable: checks that exist, reasons, levels that can be evaluated.
#include "audit/check/evaluate.h"
#include "audit/check/pss/standard.h"
#include "audit/policy/policy_file.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace initscan::audit;
  const auto policy = parse_audit_policy({reinterpret_cast<const char*>(data), size});
  if (!policy) return policy.error().text.empty() ? (std::abort(), 0) : 0;
  if (policy->max_age.count() < 1 || policy->max_restarts < 0 || policy->name.empty()) std::abort();
  if (!parse_pss_level(policy->pss_level) || !parse_pss_version(policy->pss_version)) std::abort();
  for (const std::string& id : policy->disabled_checks) {
    if (!find_check(id)) std::abort();
  }
  for (const Exception& exception : policy->exceptions) {
    if (exception.reason.empty() || exception.line < 1) std::abort();
    if (exception.check != "*" && !find_check(exception.check)) std::abort();
  }
  return 0;
}
