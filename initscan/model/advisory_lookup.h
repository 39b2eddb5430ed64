#pragma once

#include "common/result.h"
#include "initscan/model/advisory.h"
#include "initscan/model/severity.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

// How a statement says which versions have a vulnerability.
enum class StatementKind : std::uint8_t {
  range,    // from `introduced` to before `fixed`, or to `last_affected`
  version,  // `introduced` itself
  unfixed,  // from `introduced` on, by a record that knows of no fix; another may
  unclear,  // cannot be decided; `introduced` holds the reason in words
};

// One statement of the index: these versions of a source package have this vulnerability, or do not
// (AdvisoryStatus::not_affected). The views hold as long as the index.
struct AffectedRow {
  std::string_view introduced;     // "": from the first version on
  std::string_view fixed;          // "": no fixed version is known
  std::string_view last_affected;  // "": not given
  StatementKind kind = StatementKind::range;

  Severity severity = Severity::unknown;
  AdvisoryStatus status = AdvisoryStatus::affected;
  bool is_malicious = false;
  std::uint32_t vulnerability = 0;  // the lookup's own number of it, in the order of ids
  double cvss = -1;

  std::string_view feed{};     // the kind of feed that says it: "osv"
  std::string_view scope{};    // as scope_text() writes it; "": all packages of that name
  std::string_view symbols{};  // separated by spaces; "": all
};

// What is known of a vulnerability wherever it is. Only findings need it: most rows come to none.
struct VulnerabilityDetails {
  std::string id;
  std::vector<std::string> aliases;
  std::string published;  // RFC 3339, or ""
  std::string summary;    // one line, or ""

  bool operator==(const VulnerabilityDetails&) const = default;
};

// What matching asks of an index. Errors are of the index itself: it is damaged.
class AdvisoryLookup {
 public:
  virtual ~AdvisoryLookup() = default;

  struct Ecosystem {
    std::string_view data_date;  // of its distribution's newest record, RFC 3339; "" where none gives one
  };

  /// What is known of an ecosystem, such as "Debian:12", or of all its releases, "Debian"; nullopt: nothing.
  virtual Result<std::optional<Ecosystem>> ecosystem(std::string_view name) const = 0;

  /// Visits every statement about a source package, in the order of vulnerabilities.
  virtual Result<void> for_each(std::string_view ecosystem, std::string_view package,
                                const std::function<void(const AffectedRow&)>& visit) const = 0;

  virtual Result<VulnerabilityDetails> details(std::uint32_t vulnerability) const = 0;
};

}  // namespace initscan
