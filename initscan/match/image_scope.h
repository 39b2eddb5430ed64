#pragma once

#include "initscan/model/advisory_lookup.h"
#include "initscan/model/ecosystems.h"
#include "initscan/model/sbom.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace initscan {

// Whether a statement with a scope is about an installed package. Ordered: of several answers the first counts.
enum class Applies : std::uint8_t { no, unknown, yes };

// What an image says of itself that scopes ask for. Where it does not say which products it holds, a statement about a
// CPE is about an image whose distribution always holds that (Distribution::plain_cpes), and one about a product about
// an image that calls itself so, or of which it is another part of the same version: "SUSE Linux Enterprise Module for
// Basesystem 15 SP4" of "SUSE Linux Enterprise Server 15 SP4". The SBOM outlives it.
class ImageScope {
 public:
  explicit ImageScope(const Sbom& sbom) : os_(sbom.os), distribution_(find_distribution(sbom.os.id)) {}

  /// `why`: where it is not known, what is not known of the package or the image, for people.
  Applies asks_for(std::string_view scope, const Package& package, std::string& why) const;

 private:
  Applies has_cpe(std::string_view cpes) const;
  bool is_plain(std::string_view cpe) const;
  Applies has_product(std::string_view product) const;

  const OsRelease& os_;
  const Distribution* distribution_;
};

/// "nodejs:18" of "nodejs:18:8060020220523:ad008a3a".
std::string_view name_and_stream(std::string_view module);

/// Whether a flavour is one that is paid for, whose fixes a plain image cannot get.
bool needs_contract(std::string_view flavour);

}  // namespace initscan
