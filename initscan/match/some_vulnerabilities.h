#pragma once

#include "initscan/model/advisory_lookup.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace initscan {

// Of all that another lookup says only what it says of some vulnerabilities. It outlives this.
class SomeVulnerabilities : public AdvisoryLookup {
 public:
  /// `numbers`: the lookup's own, sorted.
  SomeVulnerabilities(const AdvisoryLookup& all, std::vector<std::uint32_t> numbers)
      : all_(all), numbers_(std::move(numbers)) {}

  Result<std::optional<Ecosystem>> ecosystem(std::string_view name) const override { return all_.ecosystem(name); }

  Result<void> for_each(std::string_view ecosystem, std::string_view package,
                        const std::function<void(const AffectedRow&)>& visit) const override {
    return all_.for_each(ecosystem, package, [&](const AffectedRow& row) {
      if (std::binary_search(numbers_.begin(), numbers_.end(), row.vulnerability)) visit(row);
    });
  }

  Result<VulnerabilityDetails> details(std::uint32_t vulnerability) const override {
    return all_.details(vulnerability);
  }

 private:
  const AdvisoryLookup& all_;
  const std::vector<std::uint32_t> numbers_;
};

}  // namespace initscan
