#include "initscan/advisory/index/packed_rows.h"

#include <unordered_map>

namespace initscan {
namespace {

// The versions of a package, numbered in the order in which its rows name them: the first take one byte.
class Versions {
 public:
  std::uint64_t number(std::string_view version) {
    const auto [place, is_new] = numbers_.try_emplace(version, numbers_.size());
    if (is_new) append_packed_text(texts_, version);
    return place->second;
  }

  std::size_t count() const { return numbers_.size(); }
  const std::string& texts() const { return texts_; }

 private:
  std::unordered_map<std::string_view, std::uint64_t> numbers_;
  std::string texts_;
};

// The first row of a package has none before it: that has no rating.
std::uint64_t rating_of(const PackedRow& row) {
  return static_cast<std::uint64_t>(row.severity) * kScores + static_cast<std::uint64_t>(row.cvss_tenths + 1);
}

}  // namespace

void append_rows(std::string& out, const std::vector<PackedRow>& rows) {
  Versions versions;
  std::string packed;
  const PackedRow* previous = nullptr;
  for (const PackedRow& row : rows) {
    const bool is_same_vulnerability = previous != nullptr && previous->vulnerability == row.vulnerability;
    const bool is_same_terms = previous != nullptr && previous->terms == row.terms;
    const std::uint64_t rating = rating_of(row);
    const bool is_same_rating = rating == (previous == nullptr ? 0 : rating_of(*previous));
    packed += static_cast<char>(
        static_cast<std::uint8_t>(row.kind) | (row.introduced.empty() ? 0 : RowHead::kIntroduced) |
        (row.fixed.empty() ? 0 : RowHead::kFixed) | (row.last_affected.empty() ? 0 : RowHead::kLastAffected) |
        (is_same_rating ? RowHead::kSameRating : 0) | (is_same_terms ? RowHead::kSameTerms : 0) |
        (is_same_vulnerability ? RowHead::kSameVulnerability : 0));
    if (!is_same_vulnerability) {
      append_varint(packed, row.vulnerability - (previous == nullptr ? 0 : previous->vulnerability));
    }
    if (!is_same_terms) append_varint(packed, row.terms);
    for (const std::string_view version : {row.introduced, row.fixed, row.last_affected}) {
      if (!version.empty()) append_varint(packed, versions.number(version));
    }
    if (!is_same_rating) append_varint(packed, rating);
    previous = &row;
  }
  append_varint(out, versions.count());
  out += versions.texts();
  out += packed;
}

}  // namespace initscan
