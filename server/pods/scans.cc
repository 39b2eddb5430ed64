#include "server/pods/scans.h"

#include "common/json/parts.h"
#include "common/json/time_in.h"
#include "common/names.h"
#include "common/text/ascii.h"
#include "common/time/rfc3339.h"
#include "server/pods/gate_line_reader.h"

#include <algorithm>
#include <limits>

namespace initscan::server {
namespace {

using Json = nlohmann::json;

constexpr int kKillSignal = 128 + 9;  // as shells and runtimes tell of a signal
constexpr int kFailed = 2;
constexpr std::string_view kBlocks = "blocks";  // as a finding's status says it

bool is_container_id(const std::string& id) {
  const auto is_of_id = [](char c) {
    return is_alphanumeric(c) || c == ':' || c == '/' || c == '-' || c == '.' || c == '_';
  };
  return !id.empty() && id.size() <= kMaxContainerIdBytes && std::all_of(id.begin(), id.end(), is_of_id);
}

int exit_code_of(Outcome outcome) {
  return outcome == Outcome::pass ? 0 : outcome == Outcome::fail ? kFailed : 1;
}

bool agrees(const GateLine& line, int exit_code) {
  return exit_code == (line.only_reports ? 0 : exit_code_of(line.outcome));
}

std::string_view reason_in(const GateLine& line) {
  if (line.outcome == Outcome::pass) return line.reason ? to_string(*line.reason) : std::string_view();
  if (line.outcome == Outcome::fail) return kBlocks;
  return line.reason ? to_string(*line.reason) : kUnknownReason;
}

// A line counts only beside the exit code that it stands for: without it nothing is decided, whatever the code is.
void judge(const Json& terminated, const OwnGate& gate, Scan& scan) {
  const bool is_out_of_memory = text_in(terminated, "reason") == "OOMKilled";
  if (is_out_of_memory || scan.exit_code == kKillSignal) {
    scan.reason = is_out_of_memory ? kOutOfMemory : kKilled;
    return;
  }
  auto line = gate.leaves_its_own_message ? read_gate_line(text_in(terminated, "message")) : std::nullopt;
  if (!line) {
    scan.reason = kNoLine;
  } else if (!agrees(*line, scan.exit_code)) {
    scan.reason = kLineContradicts;
  } else {
    scan.verdict = line->outcome;
    scan.reason = reason_in(*line);
    scan.line = std::move(line);
  }
}

std::optional<Scan> scan_of(const Json& pod, const OwnGate& gate, const Json& terminated) {
  const auto code = terminated.find("exitCode");
  if (code == terminated.end() || !code->is_number_integer()) return std::nullopt;
  Scan scan;
  scan.pod_uid = text_in(object_in(pod, "metadata"), "uid");
  scan.container_id = text_in(terminated, "containerID");
  if (scan.pod_uid.empty() || !is_container_id(scan.container_id)) return std::nullopt;
  const auto wide = code->get<std::int64_t>();
  if (wide < std::numeric_limits<std::int32_t>::min() || wide > std::numeric_limits<std::int32_t>::max())
    return std::nullopt;
  scan.exit_code = static_cast<int>(wide);
  scan.started = time_in(terminated, "startedAt");
  scan.finished = time_in(terminated, "finishedAt");
  judge(terminated, gate, scan);
  return scan;
}

}  // namespace

std::vector<Scan> scans_of(const Json& pod, const OwnGate& gate) {
  std::vector<Scan> scans;
  for (const Json& status : list_in(object_in(pod, "status"), "initContainerStatuses")) {
    if (text_in(status, "name") != names::kGate) continue;
    for (const char* const when : {"lastState", "state"}) {
      const Json& terminated = object_in(object_in(status, when), "terminated");
      auto scan = scan_of(pod, gate, terminated);
      const bool is_known = scan && std::any_of(scans.begin(), scans.end(), [&](const Scan& other) {
                              return other.container_id == scan->container_id;
                            });
      if (scan && !is_known) scans.push_back(std::move(*scan));
    }
    break;  // a name stands there once; who writes statuses could repeat it without end
  }
  return scans;
}

}  // namespace initscan::server
