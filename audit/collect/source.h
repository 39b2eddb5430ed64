#pragma once

#include "audit/model/cluster.h"
#include "audit/model/pod.h"
#include "common/result.h"

#include <cstddef>
#include <functional>
#include <vector>

namespace initscan::audit {

inline constexpr std::size_t kMaxGaps = 100;  // that are told one by one

// Where an audit's objects come from: one cluster, or files. First the facts are asked for, then the pods.
class Source {
 public:
  virtual ~Source() = default;

  /// What is kept while the pods stream past, including what could not be read.
  /// Errors: what nothing can be read without: a file that cannot be opened.
  virtual Result<ClusterFacts> facts() = 0;

  using OnPod = std::function<void(const Pod&)>;

  /// Hands on each pod once, and keeps none. Returns what could not be read.
  virtual Result<std::vector<Gap>> pods(const OnPod& on_pod) = 0;
};

// Gaps as they come; from kMaxGaps on they are only counted. What hides pods starts with "pod", so that a comparison
// with the last audit does not take what it cannot see for repaired.
class GapList {
 public:
  void add(std::string part, std::string reason) {
    if (gaps_.size() < kMaxGaps) gaps_.push_back({std::move(part), std::move(reason)});
    ++count_;
  }

  std::vector<Gap> take() {
    if (count_ > kMaxGaps) gaps_.push_back({"pods", std::to_string(count_ - kMaxGaps) + " more could not be read"});
    return std::move(gaps_);
  }

 private:
  std::vector<Gap> gaps_;
  std::size_t count_ = 0;
};

}  // namespace initscan::audit
