#include "initscan/advisory/feed/cvss_v4.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace initscan {
namespace {

// A metric and its values, the worst first: the place of a value is its distance from the worst.
struct Metric {
  std::string_view name;
  std::string_view values;  // a letter each
};

constexpr std::array<Metric, 11> kBase{{{"AV", "NALP"},
                                        {"AC", "LH"},
                                        {"AT", "NP"},
                                        {"PR", "NLH"},
                                        {"UI", "NPA"},
                                        {"VC", "HLN"},
                                        {"VI", "HLN"},
                                        {"VA", "HLN"},
                                        {"SC", "SHLN"},  // S: as MSI and MSA may say it; here it only takes its place
                                        {"SI", "SHLN"},
                                        {"SA", "SHLN"}}};
constexpr std::string_view kSafety = "S";

// What may be missing. X, "not defined", counts as the worst.
constexpr std::array<Metric, 4> kThreatAndRequirements{{{"E", "APU"}, {"CR", "HML"}, {"IR", "HML"}, {"AR", "HML"}}};

// Of these nothing is computed.
struct Supplement {
  std::string_view name;
  std::array<std::string_view, 5> values;
};
constexpr std::array<Supplement, 6> kSupplements{{{"S", {"X", "N", "P"}},
                                                  {"AU", {"X", "N", "Y"}},
                                                  {"R", {"X", "A", "U", "I"}},
                                                  {"V", {"X", "D", "C"}},
                                                  {"RE", {"X", "L", "M", "H"}},
                                                  {"U", {"X", "Clear", "Green", "Amber", "Red"}}}};

constexpr int kNone = -1;

// Scores of the macro vectors in tenths, from the specification's table: a row for each EQ1, EQ2 and joint level of
// EQ3 and EQ6, in it EQ4 and EQ5.
constexpr std::array<std::array<std::uint8_t, 9>, 30> kScores{{
    {{100, 98, 95, 100, 93, 91, 93, 89, 81}}, {{99, 95, 92, 96, 87, 81, 90, 80, 68}},
    {{98, 95, 90, 93, 89, 81, 88, 78, 69}},   {{95, 92, 84, 92, 81, 65, 80, 70, 48}},
    {{92, 82, 72, 79, 69, 50, 69, 55, 27}},   {{99, 95, 92, 95, 90, 84, 92, 82, 72}},
    {{97, 92, 85, 91, 83, 71, 81, 71, 53}},   {{95, 92, 85, 92, 80, 70, 84, 71, 50}},
    {{93, 85, 73, 82, 72, 59, 70, 52, 30}},   {{86, 75, 52, 71, 52, 29, 63, 29, 17}},
    {{98, 94, 91, 94, 86, 77, 87, 74, 63}},   {{95, 87, 81, 89, 74, 64, 75, 63, 49}},
    {{94, 88, 76, 86, 74, 59, 72, 57, 52}},   {{89, 77, 67, 76, 58, 50, 57, 52, 25}},
    {{83, 70, 54, 65, 58, 26, 53, 21, 13}},   {{95, 88, 76, 90, 75, 61, 77, 68, 52}},
    {{90, 76, 70, 77, 62, 53, 66, 59, 30}},   {{89, 76, 62, 74, 57, 47, 61, 57, 24}},
    {{78, 67, 58, 59, 57, 23, 52, 29, 16}},   {{71, 59, 30, 58, 26, 15, 23, 13, 6}},
    {{93, 86, 75, 86, 74, 56, 70, 52, 40}},   {{87, 72, 58, 74, 61, 34, 54, 40, 22}},
    {{85, 74, 62, 72, 55, 46, 53, 34, 19}},   {{75, 55, 51, 57, 41, 19, 36, 19, 8}},
    {{64, 51, 20, 47, 21, 11, 24, 9, 4}},     {{88, 73, 60, 73, 59, 41, 54, 45, 20}},
    {{75, 53, 50, 55, 40, 20, 43, 22, 11}},   {{75, 58, 40, 61, 48, 20, 46, 17, 8}},
    {{55, 45, 21, 51, 18, 9, 18, 7, 2}},      {{53, 24, 14, 24, 12, 5, 10, 3, 1}},
}};

// EQ3 and EQ6 depend on each other and have one scale: 00, 01, 10, 11, 21.
enum Joint : int { k00, k01, k10, k11, k21 };

// The levels of the equivalence classes: what a vector has in common with others of nearly the same score.
struct MacroVector {
  int eq1, eq2, joint, eq4, eq5;
};

constexpr std::array<int, 5> kLevels{3, 2, 5, 3, 3};  // of each class

int score_of(const MacroVector& v) {
  const std::array<int, 5> levels{v.eq1, v.eq2, v.joint, v.eq4, v.eq5};
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (levels[i] >= kLevels[i]) return kNone;
  }
  const int row = (v.eq1 * 2 + v.eq2) * 5 + v.joint;
  const int column = v.eq4 * 3 + v.eq5;
  return kScores[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
}

// The metrics as distances from the worst value, with the environment's word for a base metric instead of it.
class Distances {
 public:
  // Takes what it knows out of `metrics`; what is left there belongs to no CVSS vector.
  explicit Distances(CvssMetrics& metrics) {
    for (const Metric& metric : kBase) {
      const auto base = take(metrics, metric.name);
      if (!base || *base == kSafety) valid_ = false;
      set(metric, base.value_or(""));
      const std::string modified = "M" + std::string(metric.name);
      const auto own = take(metrics, modified);
      if (own && *own == kSafety && metric.name == "SC") valid_ = false;
      if (own && *own != "X") set(metric, *own);
    }
    for (const Metric& metric : kThreatAndRequirements) {
      const std::string_view value = take(metrics, metric.name).value_or("X");
      set(metric, value == "X" ? metric.values.substr(0, 1) : value);
    }
    for (const Supplement& supplement : kSupplements) {
      const std::string_view value = take(metrics, supplement.name).value_or("X");
      const auto& values = supplement.values;
      valid_ = valid_ && std::find(values.begin(), values.end(), value) != values.end();
    }
    valid_ = valid_ && metrics.empty();
  }

  bool valid() const { return valid_; }
  int of(std::string_view name) const { return distances_.at(name); }
  bool worst(std::string_view name) const { return of(name) == 0; }

 private:
  static std::optional<std::string_view> take(CvssMetrics& metrics, std::string_view name) {
    const auto found = metrics.find(name);
    if (found == metrics.end()) return std::nullopt;
    const std::string_view value = found->second;
    metrics.erase(found);
    return value;
  }

  void set(const Metric& metric, std::string_view value) {
    const std::size_t place = value.size() == 1 ? metric.values.find(value) : value.npos;
    valid_ = valid_ && place != value.npos;
    distances_[metric.name] = static_cast<int>(place);
  }

  std::map<std::string_view, int> distances_;
  bool valid_ = true;
};

MacroVector macro_vector(const Distances& d) {
  constexpr int kHigh = 1;  // of SC, SI and SA, where 0 is safety
  const int easy = d.worst("AV") + d.worst("PR") + d.worst("UI");
  const bool physical = d.of("AV") == 3;
  const bool high = d.worst("VC") || d.worst("VI") || d.worst("VA");
  const int eq3 = d.worst("VC") && d.worst("VI") ? 0 : high ? 1 : 2;
  const bool required =
      (d.worst("CR") && d.worst("VC")) || (d.worst("IR") && d.worst("VI")) || (d.worst("AR") && d.worst("VA"));
  const bool safety = d.worst("SI") || d.worst("SA");
  const bool spreads = d.of("SC") == kHigh || d.of("SI") == kHigh || d.of("SA") == kHigh;

  MacroVector v{};
  v.eq1 = easy == 3 ? 0 : easy > 0 && !physical ? 1 : 2;
  v.eq2 = d.worst("AC") && d.worst("AT") ? 0 : 1;
  v.joint = eq3 == 2 ? k21 : 2 * eq3 + (required ? 0 : 1);
  v.eq4 = safety ? 0 : spreads ? 1 : 2;
  v.eq5 = d.of("E");
  return v;
}

// How far a vector lies below the worst of its macro vector in one class.
struct Step {
  int next;      // the score of the macro vector below in this class, kNone where there is none
  int distance;  // from the worst vectors: all that are the worst of a class have the same sum of distances
  int depth;     // how far it is to the macro vector below
};

std::array<Step, 5> steps_of(const Distances& d, const MacroVector& v) {
  const auto at = [](const auto& numbers, int level) { return numbers[static_cast<std::size_t>(level)]; };
  const auto with = [&](int MacroVector::*level, int change) {
    MacroVector lower = v;
    lower.*level += change;
    return score_of(lower);
  };
  constexpr std::array<int, 5> kJointChange{0, 2, 1, 1, 1};  // 01 -> 11, 10 -> 11, 11 -> 21, below 21 is nothing
  const int below_joint = v.joint == k00 ? std::max(with(&MacroVector::joint, 1), with(&MacroVector::joint, 2))
                                         : with(&MacroVector::joint, at(kJointChange, v.joint));
  const auto sum = [&](std::initializer_list<std::string_view> names) {
    int total = 0;
    for (const std::string_view name : names) total += d.of(name);
    return total;
  };
  // The sums of the worst vectors of each level, and the depths: the specification's tables of highest severity
  // vectors and of the depth of macro vectors.
  return {{{with(&MacroVector::eq1, 1), sum({"AV", "PR", "UI"}) - at(std::array{0, 1, 3}, v.eq1),
            at(std::array{1, 4, 5}, v.eq1)},
           {with(&MacroVector::eq2, 1), sum({"AC", "AT"}) - at(std::array{0, 1}, v.eq2), at(std::array{1, 2}, v.eq2)},
           {below_joint, sum({"VC", "VI", "VA", "CR", "IR", "AR"}) - at(std::array{0, 3, 1, 3, 3}, v.joint),
            at(std::array{7, 6, 8, 8, 10}, v.joint)},
           {with(&MacroVector::eq4, 1), sum({"SC", "SI", "SA"}) - at(std::array{1, 3, 6}, v.eq4),
            at(std::array{6, 5, 4}, v.eq4)},
           {with(&MacroVector::eq5, 1), 0, 1}}};
}

bool is_without_impact(const Distances& d) {
  constexpr int kNoOwn = 2;
  constexpr int kNoOther = 3;
  return d.of("VC") == kNoOwn && d.of("VI") == kNoOwn && d.of("VA") == kNoOwn && d.of("SC") == kNoOther &&
         d.of("SI") == kNoOther && d.of("SA") == kNoOther;
}

}  // namespace

std::optional<double> cvss_v4_score(CvssMetrics metrics) {
  const Distances distances(metrics);
  if (!distances.valid()) return std::nullopt;
  if (is_without_impact(distances)) return 0;

  const MacroVector vector = macro_vector(distances);
  const int score = score_of(vector);
  double lost = 0;
  int lower = 0;
  for (const Step& step : steps_of(distances, vector)) {
    if (step.next == kNone) continue;
    ++lower;
    lost += static_cast<double>((score - step.next) * step.distance) / step.depth;
  }
  if (lower > 0) lost /= lower;
  constexpr double kHalf = 0.5 + 1e-9;  // floating point must not tip a half over
  return std::clamp(std::floor(score - lost + kHalf) / 10, 0.0, 10.0);
}

}  // namespace initscan
