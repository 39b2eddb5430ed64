#pragma once

#include "audit/model/report.h"
#include "common/json/splitter.h"
#include "common/result.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace initscan::audit {

inline constexpr std::size_t kMaxPreviousBytes = 512 << 20;
inline constexpr std::size_t kMaxPreviousResults = 5'000'000;

// One result of an earlier audit. The views hold during the visit.
struct PreviousResult {
  std::string_view cluster;
  std::string_view namespace_;
  std::string_view workload;  // "Deployment/shop"
  std::string_view check;
  std::string_view container;
  bool failed = false;             // else not known
  std::optional<Time> first_seen;  // failing; one that failed without it has failed since that audit at least
};

// Reads a report, or a record of the history, result by result: one of 10,000 workloads has 100 MB, and no more than
// one of them is held. The same question may be answered more than once.
class PreviousReader {
 public:
  using Take = std::function<void(const PreviousResult&)>;

  explicit PreviousReader(Take take);
  ~PreviousReader();

  /// The next bytes, split anywhere. Errors: malformed, over_limit - nothing more can be read.
  Result<void> feed(std::string_view bytes);

  /// When that audit was made. Errors: malformed - by place; over_limit. What was handed on before is then of no
  /// audit.
  Result<Time> finish();

 private:
  struct Reading;
  std::unique_ptr<Reading> reading_;
};

// What a question was about: cluster, namespace, workload ("Deployment/shop"), check, container.
using ResultKey = std::tuple<std::string, std::string, std::string, std::string, std::string>;

struct PreviousAudit {
  Time made;
  std::map<ResultKey, bool> failed;  // else not known
};

/// All of it at once. Errors: as above.
Result<PreviousAudit> read_previous(std::string_view json);

}  // namespace initscan::audit
