#include "audit/judge/findings.h"

#include "audit/check/evaluate.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace initscan::audit {
namespace {

// Their values are measurements that differ from pod to pod: one finding, with the figures of the oldest.
constexpr std::array<std::string_view, 4> kMeasured = {"age", "restarts", "write-layer", "new-advisories"};

bool is_measured(const Check& check) {
  return std::find(kMeasured.begin(), kMeasured.end(), check.id) != kMeasured.end();
}

bool says_the_same(const CheckResult& a, const CheckResult& b) {
  return a.value == b.value && a.evidence == b.evidence && (a.outcome != Outcome::unknown || a.message == b.message);
}

// Since when the container of this name runs; of the pod as a whole: since when it is there.
std::optional<Time> since(const Pod& pod, const CheckResult& result) {
  if (result.container.empty()) return pod.created;
  for (const Container& container : pod.containers) {
    if (container.name == result.container && container.kind == result.kind) return container.status.started;
  }
  return std::nullopt;
}

// The longer it runs the better it stands for the others; then by name, so that the order of pods does not matter.
bool stands_before(std::optional<Time> since, const std::string& pod, std::optional<Time> other_since,
                   const std::string& other) {
  if (since.has_value() != other_since.has_value()) return since.has_value();
  if (since != other_since) return *since < *other_since;
  return pod < other;
}

auto rank(const WorkloadResult& found) {
  const CheckResult& result = found.result;
  return std::make_tuple(result.outcome != Outcome::fail, -static_cast<int>(result.check->severity), result.check->id,
                         result.kind, std::string_view(result.container), std::string_view(result.value),
                         std::string_view(result.evidence), std::string_view(result.message));
}

}  // namespace

void Findings::add(const Pod& pod, std::vector<CheckResult> results) {
  for (CheckResult& result : results) {
    note_outcome(result);
    if (result.outcome != Outcome::fail && result.outcome != Outcome::unknown) continue;
    const std::optional<Time> start = since(pod, result);
    add_one(std::move(result), pod.name, start, 1);
  }
}

void Findings::add_shared(std::vector<CheckResult> results, std::size_t pods) {
  for (CheckResult& result : results) {
    note_outcome(result);
    if (result.outcome != Outcome::fail && result.outcome != Outcome::unknown) continue;
    add_one(std::move(result), "", std::nullopt, pods);
  }
}

void Findings::note_outcome(const CheckResult& result) {
  const std::span<const Check> checks = all_checks();
  const auto place = static_cast<std::size_t>(result.check - checks.data());
  const Container container{result.kind, result.container};
  std::vector<Outcome>& worst = worst_[container];
  std::vector<bool>& asked = asked_[container];
  worst.resize(checks.size(), Outcome::pass);
  asked.resize(checks.size(), false);
  worst[place] = std::max(worst[place], result.outcome);
  asked[place] = true;
}

std::size_t Findings::count(Outcome outcome) const {
  std::size_t sum = 0;
  for (const auto& [container, worst] : worst_) {
    const std::vector<bool>& asked = asked_.at(container);
    for (std::size_t i = 0; i < worst.size(); ++i) sum += asked[i] && worst[i] == outcome;
  }
  return sum;
}

void Findings::add_one(CheckResult result, const std::string& pod, std::optional<Time> since, std::size_t pods) {
  const bool measured = is_measured(*result.check);
  Answers& answers = answers_[{{result.check, result.kind, result.container}, result.outcome}];
  auto same = std::find_if(answers.variants.begin(), answers.variants.end(), [&](const Variant& variant) {
    return answers.merged || measured || says_the_same(variant.found.result, result);
  });
  if (same == answers.variants.end()) {
    Variant variant;
    for (std::string* text : {&result.container, &result.value, &result.evidence, &result.message})
      text->shrink_to_fit();
    variant.found.result = std::move(result);
    variant.found.pods = pods;
    variant.found.example_pod = pod;
    variant.since = since;
    answers.variants.push_back(std::move(variant));
    if (answers.variants.size() <= kMaxVariants) return;
    // Too many: the one that stands before all others stays.
    answers.merged = true;
    auto first =
        std::min_element(answers.variants.begin(), answers.variants.end(), [](const Variant& a, const Variant& b) {
          return stands_before(a.since, a.found.example_pod, b.since, b.found.example_pod);
        });
    std::size_t sum = 0;
    for (const Variant& one : answers.variants) sum += one.found.pods;
    Variant stays = std::move(*first);
    stays.found.pods = sum;
    answers.variants.clear();
    answers.variants.push_back(std::move(stays));
    return;
  }
  WorkloadResult& found = same->found;
  found.pods += pods;
  if (stands_before(since, pod, same->since, found.example_pod)) {
    found.result = std::move(result);
    found.example_pod = pod;
    same->since = since;
  }
}

std::vector<WorkloadResult> Findings::take() {
  std::vector<WorkloadResult> all;
  std::size_t total = 0;
  for (const auto& [question, answers] : answers_) total += answers.variants.size();
  all.reserve(total);  // held for each owner until the reports are written: no room to spare
  for (auto& [question, answers] : answers_) {
    for (Variant& variant : answers.variants) all.push_back(std::move(variant.found));
  }
  answers_.clear();
  std::sort(all.begin(), all.end(), [](const WorkloadResult& a, const WorkloadResult& b) { return rank(a) < rank(b); });
  return all;
}

}  // namespace initscan::audit
