#pragma once

#include "common/result.h"
#include "initscan/advisory/index/index_format.h"
#include "initscan/advisory/index/packed.h"
#include "initscan/model/advisory_lookup.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxAliases = 1'000;             // of one vulnerability
inline constexpr std::size_t kMaxIndexedSummaryBytes = 4096;  // feeds keep to less

// A name as it is packed; of equal names all of it is equal.
struct PackedName {
  NameForm form = NameForm::text;
  std::string bytes{};

  bool operator==(const PackedName&) const = default;
};

PackedName pack_name(std::string_view name);

/// A name in whatever letters people write it, as feeds spell it: "CVE-2024-1", "GHSA-abcd-efgh-ijkl".
std::string usual_spelling(std::string_view name);

// The words of summaries by their numbers, when they are written.
using WordNumber = std::function<std::optional<std::uint64_t>(std::string_view word)>;
// The same when they are read.
using WordOf = std::function<Result<std::string_view>(std::uint64_t number)>;

void append_details(std::string& out, const VulnerabilityDetails& details, const WordNumber& number);

/// Errors: malformed, without a place; what `word` returns.
Result<VulnerabilityDetails> read_details(std::string_view packed, const WordOf& word);

/// Whether details are of a vulnerability of this name, in any case; nullopt where they are none. `packed_name` is
/// pack_name(usual_spelling(name)).
std::optional<bool> has_name(std::string_view packed, std::string_view name, const PackedName& packed_name);

}  // namespace initscan
