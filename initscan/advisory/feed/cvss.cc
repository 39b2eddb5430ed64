#include "initscan/advisory/feed/cvss.h"

#include "common/text/words.h"
#include "initscan/advisory/feed/cvss_v4.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <utility>

namespace initscan {
namespace {

// Looks weights up; one that is missing makes the whole vector invalid.
class Weights {
 public:
  explicit Weights(const CvssMetrics& metrics) : metrics_(metrics) {}

  double of(std::string_view name, std::initializer_list<std::pair<char, double>> weights) {
    const auto metric = metrics_.find(name);
    const bool is_letter = metric != metrics_.end() && metric->second.size() == 1;
    for (const auto& [key, weight] : weights) {
      if (is_letter && key == metric->second.front()) return weight;
    }
    valid_ = false;
    return 0;
  }

  bool valid() const { return valid_; }

 private:
  const CvssMetrics& metrics_;
  bool valid_ = true;
};

// The specification's Roundup, in whole hundred-thousandths: floating point must not tip a score over.
double round_up(double score) {
  const auto scaled = static_cast<std::int64_t>(std::llround(score * 100'000));
  if (scaled % 10'000 == 0) return static_cast<double>(scaled) / 100'000;
  const std::int64_t tenths = scaled / 10'000 + 1;
  return static_cast<double>(tenths) / 10;
}

// Beside the base metrics: of time and of the environment, which the base score does not count.
constexpr std::string_view kMetricsV3 = "AV AC PR UI S C I A E RL RC CR IR AR MAV MAC MPR MUI MS MC MI MA";
constexpr std::string_view kMetricsV2 = "AV AC Au C I A E RL RC CDP TD CR IR AR";

// What has a metric that its version does not know is no vector of that version.
bool has_only(const CvssMetrics& metrics, std::string_view names) {
  return std::all_of(metrics.begin(), metrics.end(), [&](const auto& metric) { return has_word(names, metric.first); });
}

std::optional<double> score_v3(const CvssMetrics& metrics) {
  if (!has_only(metrics, kMetricsV3)) return std::nullopt;
  Weights weights(metrics);
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

std::optional<double> score_v2(const CvssMetrics& metrics) {
  if (!has_only(metrics, kMetricsV2)) return std::nullopt;
  Weights weights(metrics);
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

std::optional<CvssScore> cvss_score(std::string_view vector) {
  const std::size_t head = vector.starts_with("CVSS:") ? std::string_view("CVSS:3.1/").size() : 0;
  const std::string_view version = vector.substr(0, head);
  auto metrics = cvss_metrics(vector.substr(version.size()));
  if (!metrics) return std::nullopt;
  std::optional<double> score;
  if (version.empty()) {
    score = score_v2(*metrics);
  } else if (version == "CVSS:3.0/" || version == "CVSS:3.1/") {
    score = score_v3(*metrics);
  } else if (version == "CVSS:4.0/") {
    score = cvss_v4_score(std::move(*metrics));
  }
  if (!score) return std::nullopt;
  return CvssScore{*score, version.empty()};
}

void CvssRating::add(std::string_view vector) {
  const auto score = cvss_score(vector);
  if (!score) {
    ++unreadable_;
    return;
  }
  double& best = score->is_version_2 ? version_2_ : newer_;
  best = std::max(best, score->score);
}

Severity severity_of_score(double score) {
  if (score >= 9) return Severity::critical;
  if (score >= 7) return Severity::high;
  if (score >= 4) return Severity::medium;
  return score > 0 ? Severity::low : Severity::negligible;
}

}  // namespace initscan
