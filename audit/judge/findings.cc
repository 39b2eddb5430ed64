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

bool says_the_same(const KeptResult& a, const CheckResult& b) {
  return a.value == b.value && a.evidence == b.evidence && (a.outcome != Outcome::unknown || a.message == b.message);
}

// The order of questions. Checks are in one list, so their addresses give their order.
auto question_of(const auto& result) {
  return std::tuple(result.check, result.kind, result.outcome, std::string_view(result.container));
}

KeptResult kept(const CheckResult& result, TextPool& texts) {
  KeptResult made;
  made.check = result.check;
  made.container = texts.keep(result.container);
  made.value = texts.keep(result.value);
  made.evidence = texts.keep(result.evidence);
  made.message = texts.keep(result.message);
  made.outcome = result.outcome;
  made.kind = result.kind;
  return made;
}

constexpr std::uint8_t kNotAsked = 0;

constexpr std::uint8_t mark_of(Outcome outcome) {
  return static_cast<std::uint8_t>(1 + static_cast<std::uint8_t>(outcome));
}

bool is_finding(const CheckResult& result) {
  return result.outcome == Outcome::fail || result.outcome == Outcome::unknown;
}

// Since when the container of this name runs; of the pod as a whole: since when it is there.
std::optional<Time> since(const Pod& pod, const CheckResult& result) {
  if (result.container.empty()) return pod.created;
  for (const Container& container : pod.containers) {
    if (container.name == result.container && container.kind == result.kind) return container.status.started;
  }
  return std::nullopt;
}

// The longer it runs the better it represents the others; then by name, so that the order of pods does not matter.
bool stands_before(std::optional<Time> since, std::string_view pod, std::optional<Time> other_since,
                   std::string_view other) {
  if (since.has_value() != other_since.has_value()) return since.has_value();
  if (since != other_since) return *since < *other_since;
  return pod < other;
}

auto rank(const WorkloadResult& found) {
  const KeptResult& result = found.result;
  return std::make_tuple(result.outcome != Outcome::fail, -static_cast<int>(result.check->severity), result.check->id,
                         result.kind, std::string_view(result.container), std::string_view(result.value),
                         std::string_view(result.evidence), std::string_view(result.message));
}

}  // namespace

void Findings::add(const Pod& pod, const std::vector<CheckResult>& results, TextPool& texts) {
  if (variants_.empty()) {
    variants_.reserve(static_cast<std::size_t>(std::count_if(results.begin(), results.end(), is_finding)));
  }
  const Text name(pod.name);  // of this pod alone: not for the pool, but shared by its findings
  for (const CheckResult& result : results) {
    note_outcome(result);
    if (is_finding(result)) add_one(result, name, since(pod, result), 1, texts);
  }
}

void Findings::add_shared(const std::vector<CheckResult>& results, std::size_t pods, TextPool& texts) {
  for (const CheckResult& result : results) {
    note_outcome(result);
    if (is_finding(result)) add_one(result, {}, std::nullopt, pods, texts);
  }
}

void Findings::note_outcome(const CheckResult& result) {
  const std::span<const Check> checks = all_checks();
  auto worst = std::find_if(worst_.begin(), worst_.end(), [&](const Worst& one) {
    return one.kind == result.kind && one.container == result.container;
  });
  if (worst == worst_.end()) {
    worst_.push_back({Text(result.container), result.kind, std::vector<std::uint8_t>(checks.size(), kNotAsked)});
    worst = std::prev(worst_.end());
  }
  std::uint8_t& mark = worst->outcomes[static_cast<std::size_t>(result.check - checks.data())];
  mark = std::max(mark, mark_of(result.outcome));
}

std::size_t Findings::count(Outcome outcome) const {
  std::ptrdiff_t sum = 0;
  for (const Worst& one : worst_) sum += std::count(one.outcomes.begin(), one.outcomes.end(), mark_of(outcome));
  return static_cast<std::size_t>(sum);
}

void Findings::add_one(const CheckResult& result, const Text& pod, std::optional<Time> since, std::size_t pods,
                       TextPool& texts) {
  const auto question = question_of(result);
  const auto first =
      std::lower_bound(variants_.begin(), variants_.end(), question,
                       [](const Variant& one, const auto& wanted) { return question_of(one.found.result) < wanted; });
  const auto last = std::find_if(first, variants_.end(),
                                 [&](const Variant& one) { return question_of(one.found.result) != question; });
  const bool measured = is_measured(*result.check);
  const auto same = std::find_if(first, last, [&](const Variant& variant) {
    return variant.stands_for_all || measured || says_the_same(variant.found.result, result);
  });
  if (same == last) {
    Variant variant;
    variant.found.result = kept(result, texts);
    variant.found.pods = static_cast<std::uint32_t>(pods);
    variant.found.example_pod = pod;
    variant.since = since;
    const auto place = first - variants_.begin();
    const auto count = last - first + 1;
    variants_.insert(last, std::move(variant));
    if (static_cast<std::size_t>(count) > kMaxVariants) {
      merge(variants_.begin() + place, variants_.begin() + place + count);
    }
    return;
  }
  same->found.pods += static_cast<std::uint32_t>(pods);
  if (stands_before(since, pod, same->since, same->found.example_pod)) {
    same->found.result = kept(result, texts);
    same->found.example_pod = pod;
    same->since = since;
  }
}

// Too many variants of one question: the first in order stays.
void Findings::merge(Variants::iterator first, Variants::iterator last) {
  const auto stays = std::min_element(first, last, [](const Variant& a, const Variant& b) {
    return stands_before(a.since, a.found.example_pod, b.since, b.found.example_pod);
  });
  std::uint32_t sum = 0;
  for (auto one = first; one != last; ++one) sum += one->found.pods;
  std::swap(*first, *stays);
  first->found.pods = sum;
  first->stands_for_all = true;
  variants_.erase(std::next(first), last);
}

std::vector<WorkloadResult> Findings::take() {
  std::vector<WorkloadResult> all;
  all.reserve(variants_.size());  // held for each owner until the reports are written: no room to spare
  for (Variant& variant : variants_) all.push_back(std::move(variant.found));
  variants_ = {};
  std::sort(all.begin(), all.end(), [](const WorkloadResult& a, const WorkloadResult& b) { return rank(a) < rank(b); });
  return all;
}

}  // namespace initscan::audit
