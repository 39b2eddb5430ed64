#pragma once

#include "common/result.h"
#include "initscan/model/exploitation.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace initscan {

// What an overlay is made of, as its file, reports and options call it.
inline constexpr std::string_view kKnownExploited = "kev";
inline constexpr std::string_view kEpss = "epss";
inline constexpr std::string_view kEndOfLife = "end-of-life";

// What matching asks of an overlay. Errors are of the overlay itself: it is damaged.
class OverlayLookup {
 public:
  virtual ~OverlayLookup() = default;

  /// `id` is a name of any kind; what is no CVE is not known.
  virtual Result<Exploitation> exploitation(std::string_view id) const = 0;

  /// The first day on which a distribution ("debian") no longer supports a release ("12"); nullopt: it does not say.
  virtual std::optional<std::string> support_end(std::string_view distribution, std::string_view release) const = 0;

  /// Of each source its date: RFC 3339, or "" where none is known.
  virtual const std::map<std::string, std::string>& dates() const = 0;
};

}  // namespace initscan
