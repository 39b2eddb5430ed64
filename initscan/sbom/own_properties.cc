#include "initscan/sbom/own_properties.h"

#include "common/text/in_quotes.h"
#include "common/text/whole_number.h"
#include "initscan/sbom/property_names.h"

#include <algorithm>
#include <string>

namespace initscan {
namespace {

constexpr std::size_t kMaxOwn = 16;  // that are told apart

// What a report concluded, which is decided again here.
bool is_of_a_report(std::string_view key) {
  return key == kVerdict || key == kPolicy || key == kAdvisoriesDate || key.starts_with(kWarning) ||
         key.starts_with(kFindings);
}

Result<void> read_number(std::string_view key, std::string_view text, std::uint64_t& out) {
  const auto number = whole_number<std::uint64_t>(text);
  if (!number) return Error{Errc::malformed, std::string(key) + ": " + in_quotes(text) + " is not a number"};
  out = *number;
  return {};
}

}  // namespace

Result<void> OwnProperties::read(std::string_view key, std::string_view value, Sbom& sbom) {
  Coverage& coverage = sbom.coverage;
  if (key == kIncomplete) {
    coverage.incomplete.emplace_back(value);
    return {};
  }
  if (key == kUnmatched) {
    coverage.unmatched.emplace_back(value);
    return {};
  }
  if (!key.starts_with(kOwnPrefix) || is_of_a_report(key)) return {};
  if (key.starts_with(kReportedImage)) {
    ++images_;
    return {};
  }
  if (key.starts_with(kUndecided)) {
    coverage.incomplete.push_back("a report of a scan that could not decide: " + std::string(value));
    return {};
  }
  if (std::find(known_.begin(), known_.end(), key) != known_.end()) {
    return Error{Errc::malformed, in_quotes(key) + " is given twice in metadata"};
  }
  known_.push_back(key);
  coverage.is_stated = coverage.is_stated || key == kFilesSeen;
  if (key == kFilesSeen) return read_number(key, value, coverage.files_seen);
  if (key == kUnreadable) return read_number(key, value, coverage.unreadable);
  if (key == kOtherMounts) return read_number(key, value, coverage.other_mounts);
  if (key == kUnsupported) return read_number(key, value, coverage.unsupported);
  if (key == kConfinement) {
    sbom.confinement = value;
  } else if (key == kTruncated && (value == "true" || value == "false")) {
    coverage.truncated = value == "true";
  } else if (known_.size() > kMaxOwn) {
    return Error{Errc::over_limit, "metadata: too many properties of initscan"};
  } else {
    coverage.incomplete.push_back("the SBOM says " + in_quotes(key) + " is " + in_quotes(value) +
                                  ", which this version does not understand");
  }
  return {};
}

void OwnProperties::conclude(Coverage& coverage) const {
  if (images_ > 1) coverage.incomplete.push_back("a report on " + std::to_string(images_) + " images, not on one");
}

}  // namespace initscan
