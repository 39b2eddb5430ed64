#pragma once

#include "initscan/advisory/index/index_format.h"
#include "initscan/advisory/index/packed.h"
#include "initscan/model/advisory_lookup.h"
#include "initscan/model/severity.h"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

// One row as it is packed. Numbers are the index's.
struct PackedRow {
  std::uint32_t vulnerability = 0;
  std::uint32_t terms = 0;
  std::string_view introduced, fixed, last_affected;
  StatementKind kind = StatementKind::range;
  Severity severity = Severity::unknown;
  std::int16_t cvss_tenths = -1;  // negative: none

  bool operator==(const PackedRow&) const = default;
};

/// Appends the rows of one package, sorted by vulnerability.
void append_rows(std::string& out, const std::vector<PackedRow>& rows);

/// Visits the rows of one package: void(const PackedRow&). False where they are not packed rows; those before the fault
/// have been visited.
template <class Visit>
bool for_each_packed_row(std::string_view packed, Visit visit) {
  PackedReader reader(packed);
  const std::uint64_t count = reader.varint();
  if (count > reader.left()) return false;  // each takes a byte
  std::vector<std::string_view> versions(count);
  for (std::string_view& version : versions) version = reader.text();
  const auto version = [&](bool is_given) {
    if (!is_given) return std::string_view();
    const std::uint64_t number = reader.varint();
    return number < versions.size() ? versions[number] : reader.bytes(std::numeric_limits<std::uint64_t>::max());
  };
  PackedRow row;
  std::uint64_t vulnerability = 0;
  std::uint64_t terms = 0;
  for (bool is_first = true; !reader.is_at_end(); is_first = false) {
    const std::uint8_t head = reader.byte();
    if ((head & RowHead::kSameVulnerability) == 0) {
      vulnerability += reader.varint();
      if (vulnerability > std::numeric_limits<std::uint32_t>::max()) return false;
    } else if (is_first) {
      return false;
    }
    if ((head & RowHead::kSameTerms) == 0) {
      terms = reader.varint();
      if (terms > std::numeric_limits<std::uint32_t>::max()) return false;
    } else if (is_first) {
      return false;
    }
    row.vulnerability = static_cast<std::uint32_t>(vulnerability);
    row.terms = static_cast<std::uint32_t>(terms);
    row.kind = static_cast<StatementKind>(head & RowHead::kKind);
    row.introduced = version((head & RowHead::kIntroduced) != 0);
    row.fixed = version((head & RowHead::kFixed) != 0);
    row.last_affected = version((head & RowHead::kLastAffected) != 0);
    if ((head & RowHead::kSameRating) == 0) {
      const std::uint64_t rating = reader.varint();
      if (rating / kScores > static_cast<std::uint64_t>(Severity::critical)) return false;
      row.severity = static_cast<Severity>(rating / kScores);
      row.cvss_tenths = static_cast<std::int16_t>(static_cast<std::int16_t>(rating % kScores) - 1);
    }
    if (!reader.is_sound()) return false;
    visit(row);
  }
  return reader.is_sound();
}

}  // namespace initscan
