#include "initscan/advisory/cvss.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <utility>

namespace initscan {
namespace {

// The value letter of a metric: "N" of "AV:N". 0 where it is not there.
char metric(std::string_view vector, std::string_view name) {
  while (!vector.empty()) {
    const std::string_view field = vector.substr(0, vector.find('/'));
    vector.remove_prefix(std::min(field.size() + 1, vector.size()));
    if (field.size() == name.size() + 2 && field.starts_with(name) && field[name.size()] == ':') return field.back();
  }
  return '\0';
}

// Looks weights up; one that is missing makes the whole vector invalid.
class Weights {
 public:
  explicit Weights(std::string_view vector) : vector_(vector) {}

  double of(std::string_view name, std::initializer_list<std::pair<char, double>> weights) {
    const char letter = metric(vector_, name);
    for (const auto& [key, weight] : weights) {
      if (key == letter) return weight;
    }
    valid_ = false;
    return 0;
  }

  bool valid() const { return valid_; }

 private:
  std::string_view vector_;
  bool valid_ = true;
};

// The specification's Roundup, in whole hundred-thousandths: floating point must not tip a score over.
double round_up(double score) {
  const auto scaled = static_cast<std::int64_t>(std::llround(score * 100'000));
  if (scaled % 10'000 == 0) return static_cast<double>(scaled) / 100'000;
  const std::int64_t tenths = scaled / 10'000 + 1;
  return static_cast<double>(tenths) / 10;
}

std::optional<double> score_v3(std::string_view vector) {
  Weights weights(vector);
  const bool changed = weights.of("S", {{'U', 0}, {'C', 1}}) == 1;
  const double av = weights.of("AV", {{'N', 0.85}, {'A', 0.62}, {'L', 0.55}, {'P', 0.2}});
  const double ac = weights.of("AC", {{'L', 0.77}, {'H', 0.44}});
  const double pr = changed ? weights.of("PR", {{'N', 0.85}, {'L', 0.68}, {'H', 0.5}})
                            : weights.of("PR", {{'N', 0.85}, {'L', 0.62}, {'H', 0.27}});
  const double ui = weights.of("UI", {{'N', 0.85}, {'R', 0.62}});
  const double c = weights.of("C", {{'H', 0.56}, {'L', 0.22}, {'N', 0}});
  const double i = weights.of("I", {{'H', 0.56}, {'L', 0.22}, {'N', 0}});
  const double a = weights.of("A", {{'H', 0.56}, {'L', 0.22}, {'N', 0}});
  if (!weights.valid()) return std::nullopt;

  const double base = 1 - (1 - c) * (1 - i) * (1 - a);
  const double impact = changed ? 7.52 * (base - 0.029) - 3.25 * std::pow(base - 0.02, 15) : 6.42 * base;
  if (impact <= 0) return 0;
  const double exploitability = 8.22 * av * ac * pr * ui;
  return round_up(std::min((changed ? 1.08 : 1) * (impact + exploitability), 10.0));
}

std::optional<double> score_v2(std::string_view vector) {
  Weights weights(vector);
  const double av = weights.of("AV", {{'L', 0.395}, {'A', 0.646}, {'N', 1}});
  const double ac = weights.of("AC", {{'H', 0.35}, {'M', 0.61}, {'L', 0.71}});
  const double au = weights.of("Au", {{'M', 0.45}, {'S', 0.56}, {'N', 0.704}});
  const double c = weights.of("C", {{'N', 0}, {'P', 0.275}, {'C', 0.66}});
  const double i = weights.of("I", {{'N', 0}, {'P', 0.275}, {'C', 0.66}});
  const double a = weights.of("A", {{'N', 0}, {'P', 0.275}, {'C', 0.66}});
  if (!weights.valid()) return std::nullopt;

  const double impact = 10.41 * (1 - (1 - c) * (1 - i) * (1 - a));
  if (impact == 0) return 0;
  const double score = (0.6 * impact + 0.4 * (20 * av * ac * au) - 1.5) * 1.176;
  return std::round(score * 10) / 10;
}

}  // namespace

std::optional<double> cvss_base_score(std::string_view vector) {
  if (vector.starts_with("CVSS:3.0/") || vector.starts_with("CVSS:3.1/")) return score_v3(vector.substr(9));
  if (vector.starts_with("CVSS:")) return std::nullopt;
  return score_v2(vector);
}

Severity severity_of_score(double score) {
  if (score >= 9) return Severity::critical;
  if (score >= 7) return Severity::high;
  if (score >= 4) return Severity::medium;
  return Severity::low;
}

}  // namespace initscan
