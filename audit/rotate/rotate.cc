#include "audit/rotate/rotate.h"

#include "audit/plan/waves.h"
#include "audit/rotate/restartable.h"
#include "common/json/parts.h"
#include "common/json/tree_text.h"
#include "common/time/rfc3339.h"

#include <optional>

#include <spdlog/spdlog.h>

namespace initscan::audit {
namespace {

using boost::asio::awaitable;
using Json = nlohmann::json;

constexpr std::chrono::seconds kLongest{600};
constexpr std::chrono::hours kSettling{1};  // a restart may take that long before the next wave no longer waits for it

std::string collection_of(std::string_view kind) {
  if (kind == "Deployment") return "deployments";
  return kind == "StatefulSet" ? "statefulsets" : "daemonsets";
}

// Takes nothing but the very object that was looked at: by its uid and its version.
KubeRequest restart_of(const std::string& path, const Json& object, Time now, bool dry) {
  KubeRequest request;
  request.method = "PATCH";
  request.path = path + "?fieldManager=initscan" + (dry ? "&dryRun=All" : "");
  request.content_type = "application/strategic-merge-patch+json";
  const Json& metadata = object.at("metadata");
  request.body = json_text(
      Json{{"metadata", {{"uid", metadata.at("uid")}, {"resourceVersion", text_in(metadata, "resourceVersion")}}},
           {"spec", {{"template", {{"metadata", {{"annotations", {{kRestartedAt, format_rfc3339(now)}}}}}}}}}});
  return request;
}

class Rotation {
 public:
  Rotation(KubeClient& client, Time now, const RotationOptions& options)
      : client_(client), now_(now), options_(options) {}

  awaitable<Result<std::vector<RotationStep>>> run(const AuditReport& report, const std::string& cluster) {
    for (const RotationWave& wave : report.waves) {
      for (const std::size_t place : wave.workloads) {
        if (place >= report.workloads.size() || report.workloads[place].cluster != cluster) continue;
        if (restarts_ == options_.most) break;
        auto step = co_await restart(report.workloads[place]);
        if (!step) co_return step.error();
        note(report.workloads[place], wave.number, std::move(*step));
      }
      // The next wave waits until a later run finds this one's pods available again.
      if (restarts_ > 0 || is_settling_) break;
    }
    co_return std::move(steps_);
  }

 private:
  // Nothing: it was restarted, or would have been.
  struct Stopped {
    RotationOutcome outcome = RotationOutcome::skipped;
    std::string why;
  };

  awaitable<Result<std::optional<Stopped>>> restart(const Workload& workload) {
    using Step = std::optional<Stopped>;
    if (!can_be_restarted(workload.owner)) co_return Step(Stopped{RotationOutcome::skipped, "its kind has no rollout"});
    if (!is_api_name(workload.namespace_) || !is_api_name(workload.owner.name)) {
      co_return Step(Stopped{RotationOutcome::skipped, "its name is not a valid Kubernetes name"});
    }
    const std::string path = "/apis/apps/v1/namespaces/" + workload.namespace_ + '/' +
                             collection_of(workload.owner.kind) + '/' + workload.owner.name;
    KubeRequest get;
    get.path = path;
    auto found = co_await client_.ask(get);
    if (!found) co_return found.error();
    if (found->status == 404) co_return Step(Stopped{RotationOutcome::skipped, "it is no longer there"});
    if (!found->ok()) co_return Step(Stopped{RotationOutcome::failed, refusal(get, *found).text});
    if (auto why = why_not_restart(found->object, workload.owner.kind, workload.owner.uid)) {
      is_settling_ = is_settling_ || was_restarted(found->object, now_ - kSettling);
      co_return Step(Stopped{RotationOutcome::skipped, std::move(*why)});
    }
    KubeRequest list;
    list.path = "/apis/policy/v1/namespaces/" + workload.namespace_ + "/poddisruptionbudgets";
    auto budgets = co_await client_.ask(list);
    if (!budgets) co_return budgets.error();
    if (!budgets->ok()) co_return Step(Stopped{RotationOutcome::failed, refusal(list, *budgets).text});
    if (auto why = why_budgets_forbid(found->object, budgets->object)) {
      co_return Step(Stopped{RotationOutcome::skipped, std::move(*why)});
    }
    for (const bool dry : {true, false}) {
      if (!dry && !options_.confirmed) break;
      const KubeRequest patch = restart_of(path, found->object, now_, dry);
      auto patched = co_await client_.ask(patch);
      if (!patched) co_return patched.error();
      if (!patched->ok()) co_return Step(Stopped{RotationOutcome::failed, refusal(patch, *patched).text});
    }
    co_return Step();
  }

  void note(const Workload& workload, int wave, std::optional<Stopped> stopped) {
    RotationStep step{workload.namespace_, workload.name(), wave, {}, {}};
    if (stopped) {
      step.outcome = stopped->outcome;
      step.text = std::move(stopped->why);
    } else {
      step.outcome = options_.confirmed ? RotationOutcome::restarted : RotationOutcome::would_restart;
      ++restarts_;
    }
    spdlog::info("rotation={} namespace={} workload={} wave={} why=\"{}\"", to_string(step.outcome), step.namespace_,
                 step.workload, step.wave, step.text);
    steps_.push_back(std::move(step));
  }

  KubeClient& client_;
  const Time now_;
  const RotationOptions options_;
  std::size_t restarts_ = 0;
  bool is_settling_ = false;  // one of this wave was restarted a short while ago, and is not back yet
  std::vector<RotationStep> steps_;
};

}  // namespace

awaitable<Result<std::vector<RotationStep>>> apply_rotation(KubeClient& client, const AuditReport& report,
                                                            std::string cluster, Time now, RotationOptions options) {
  Rotation rotation(client, now, options);
  co_return co_await rotation.run(report, cluster);
}

Result<std::vector<RotationStep>> apply_rotation(const KubeConfig& config, const AuditReport& report,
                                                 const std::string& cluster, Time now, const RotationOptions& options) {
  std::vector<RotationStep> steps;
  const auto done = run_blocking(
      [&]() -> awaitable<Result<void>> {
        KubeClient client(config);
        auto made = co_await apply_rotation(client, report, cluster, now, options);
        if (!made) co_return made.error();
        steps = std::move(*made);
        co_return Result<void>{};
      },
      kLongest);
  if (!done) return done.error();
  return steps;
}

}  // namespace initscan::audit
