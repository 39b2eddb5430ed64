#include "initscan/match/statements.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace initscan {
namespace {

using Is = Conclusion::Is;

constexpr std::size_t kMaxFixesTried = 100;  // of one vulnerability, the lowest; then the highest

class Statements {
 public:
  Statements(VersionOrder order, std::span<const AffectedRow> rows) : order_(order), rows_(rows), steps_(rows.size()) {
    for (const AffectedRow& row : rows_) {
      if (row.fixed.empty()) continue;
      const auto found = last_fix_.empty() ? -1 : compare_versions(order_, last_fix_, row.fixed);
      if (!found) fixes_cannot_be_compared_ = true;
      if (found && *found < 0) last_fix_ = row.fixed;
    }
  }

  // With the first reason why it cannot be decided, if nothing says that it is affected.
  Conclusion of(std::string_view version) {
    Conclusion conclusion;
    steps_ += rows_.size();
    for (const AffectedRow& row : rows_) {
      std::string why;
      const Is is = is_affected(version, row, why);
      if (is == Is::affected) return {is, "", ""};
      if (is == Is::undecided && conclusion.is == Is::unaffected) conclusion = {is, "", std::move(why)};
    }
    return conclusion;
  }

  std::string_view fix_after(std::string_view version) {
    std::vector<std::string_view> candidates;
    for (const AffectedRow& row : rows_) {
      const auto after = row.fixed.empty() ? 0 : compare_versions(order_, row.fixed, version).value_or(0);
      if (after > 0) candidates.push_back(row.fixed);
    }
    for (std::size_t tried = 0; !candidates.empty() && tried < kMaxFixesTried; ++tried) {
      const auto lowest = std::min_element(candidates.begin(), candidates.end(), [&](auto a, auto b) {
        return compare_versions(order_, a, b).value_or(0) < 0;
      });
      const std::string_view fix = *lowest;
      steps_ += candidates.size();
      if (of(fix).is == Is::unaffected) return fix;
      std::erase(candidates, fix);
    }
    return !candidates.empty() && of(last_fix_).is == Is::unaffected ? last_fix_ : std::string_view();
  }

  std::size_t steps() const { return steps_; }

 private:
  std::optional<int> compare(std::string_view version, std::string_view other, std::string& why) const {
    const auto found = compare_versions(order_, version, other);
    if (!found) why = '"' + std::string(other) + "\" cannot be compared with \"" + std::string(version) + '"';
    return found;
  }

  Is is_affected(std::string_view version, const AffectedRow& row, std::string& why) const {
    const auto is = [](bool affected) { return affected ? Is::affected : Is::unaffected; };
    if (row.kind == StatementKind::unclear) {
      why = row.introduced;
      return Is::undecided;
    }
    if (row.kind == StatementKind::version) {
      if (row.introduced == version) return Is::affected;
      const auto found = compare(version, row.introduced, why);
      return found ? is(*found == 0) : Is::undecided;
    }
    if (!row.introduced.empty()) {
      const auto found = compare(version, row.introduced, why);
      if (!found) return Is::undecided;
      if (*found < 0) return Is::unaffected;
    }
    if (row.kind == StatementKind::unfixed) return before_another_fix(version, row, why);
    const std::string_view end = row.fixed.empty() ? row.last_affected : row.fixed;
    if (end.empty()) return Is::affected;
    const auto found = compare(version, end, why);
    return found ? is(*found < (row.fixed.empty() ? 1 : 0)) : Is::undecided;
  }

  Is before_another_fix(std::string_view version, const AffectedRow& row, std::string& why) const {
    if (last_fix_.empty()) return Is::affected;
    if (fixes_cannot_be_compared_) {
      why = "the versions of its fixes cannot be compared";
      return Is::undecided;
    }
    if (!row.introduced.empty()) {  // it came back after that fix
      const auto later = compare(row.introduced, last_fix_, why);
      if (!later) return Is::undecided;
      if (*later >= 0) return Is::affected;
    }
    const auto found = compare(version, last_fix_, why);
    if (!found) return Is::undecided;
    return *found < 0 ? Is::affected : Is::unaffected;
  }

  VersionOrder order_;
  std::span<const AffectedRow> rows_;
  std::string_view last_fix_;
  bool fixes_cannot_be_compared_ = false;
  std::size_t steps_;
};

}  // namespace

Conclusion conclude(VersionOrder order, std::string_view version, std::span<const AffectedRow> rows) {
  Statements statements(order, rows);
  Conclusion conclusion = statements.of(version);
  if (conclusion.is == Is::affected) conclusion.fixed = statements.fix_after(version);
  conclusion.steps = statements.steps();
  return conclusion;
}

}  // namespace initscan
