#include "initscan/sbom/unmatched_components.h"

#include <utility>

namespace initscan {
namespace {

constexpr std::size_t kMaxKinds = 16;  // that are named

}  // namespace

void UnmatchedComponents::add(std::string_view kind) {
  ++count_;
  if (kinds_.size() == kMaxKinds && !kinds_.contains(kind)) kind = "others";
  const auto place = kinds_.find(kind);
  if (place != kinds_.end()) {
    ++place->second;
  } else {
    kinds_.emplace(kind.substr(0, 64), 1);
  }
}

void UnmatchedComponents::conclude(Coverage& coverage) const {
  coverage.unsupported += count_;
  if (kinds_.empty()) return;
  const std::uint64_t total = coverage.unsupported;
  std::string sentence = std::to_string(total) + (total == 1 ? " component" : " components");
  std::string_view mark = " of types that are not matched: ";
  for (const auto& [kind, count] : kinds_) {
    sentence += mark;
    sentence += kind + ' ' + std::to_string(count);
    mark = ", ";
  }
  coverage.unmatched.push_back(std::move(sentence));
}

}  // namespace initscan
