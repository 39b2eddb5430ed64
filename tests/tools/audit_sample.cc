// Writes reports of a made-up audit into a folder, for the tests that look at them with real programs: a browser,
// Prometheus, a Markdown reader. Same arguments, same bytes.

#include "audit/report/push.h"
#include "audit/report/report_files.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace initscan;
using namespace initscan::audit;

const Time kNow{std::chrono::seconds(1'795'553'520)};  // 2026-11-24 20:52 UTC

// Names as a cluster cannot have them, but a file can; each tries to break out of some format.
const std::array<std::string, 8> kHostile = {"<script>document.title='broken'</script>",
                                             "\"><img src=x onerror=alert(1)>",
                                             "=HYPERLINK(\"http://evil.example\")",
                                             "a`b|c](http://evil.example) @everyone",
                                             "invoice\u202egpj.exe",
                                             std::string("bell\a\x1b[31m\0nul", 13),
                                             "caf\xe9 \xff\xfe </textarea></style>",
                                             std::string(253, 'w')};

Check check(std::string_view id, std::string_view title, std::string_view family, Severity severity,
            std::string_view why, std::string_view remedy) {
  Check made{};
  made.id = id;
  made.title = title;
  made.family = family;
  made.severity = severity;
  made.why = why;
  made.remedy = remedy;
  return made;
}

const std::array kChecks = {
    check("privileged", "Container is privileged", "privileges", Severity::critical,
          "It has every capability and every device of the node.", "Remove securityContext.privileged."),
    check("runtime-socket", "Runtime socket is mounted", "host", Severity::critical,
          "Whoever talks to the socket starts containers of any kind on the node.", "Remove the hostPath volume."),
    check("root-user", "Runs as root", "users", Severity::high,
          "A hole in the runtime makes root of the container root of the node.",
          "Set runAsNonRoot: true and runAsUser."),
    check("newer-advisories", "Vulnerabilities were published since it was admitted", "vulnerabilities", Severity::high,
          "What was clean when it was admitted is not clean today.", "Build the image anew, and roll it out."),
    check("writable-root", "Root file system is writable", "mutability", Severity::medium,
          "Programs can be replaced and added while it runs; then it is no longer what was scanned.",
          "Set readOnlyRootFilesystem: true, and mount an emptyDir at each path that is written to."),
    check("age", "Runs longer than the policy allows", "age", Severity::medium,
          "Everything that changed in it since its start is still there.", "Restart it: kubectl rollout restart."),
    check("mutable-tag", "Image is named by a tag", "images", Severity::medium,
          "The same name can be another image tomorrow, and on the next node.", "Name the image by its digest."),
    check("no-seccomp", "No seccomp profile", "confinement", Severity::low,
          "Every system call of the kernel is within reach.", "Set seccompProfile.type: RuntimeDefault."),
    check("write-layer", "Write layer has grown", "mutability", Severity::medium,
          "Files came that the image did not bring.", "Look at what was written, and move it to a volume."),
};

class Sample {
 public:
  explicit Sample(std::size_t workloads) { make(workloads); }
  AuditReport report;

 private:
  std::size_t upto(std::size_t n) { return static_cast<std::size_t>(random_() % n); }

  template <class Names>
  std::string one_of(const Names& names) {
    return std::string(names[upto(std::size(names))]);
  }

  WorkloadResult failure(std::size_t which, const WorkloadContainer& container, std::size_t pods) {
    WorkloadResult found;
    found.result.check = &kChecks[which];
    found.result.outcome = Outcome::fail;
    found.result.container = container.name;
    found.result.kind = container.kind;
    found.result.value = which == 2 ? "root (uid 0, image)" : which == 4 ? "false (not set)" : "true";
    found.result.evidence = "spec.containers[" + std::string(container.name) + "].securityContext";
    found.result.message = std::string(kChecks[which].title) + ": " + std::string(container.name);
    found.pods = static_cast<std::uint32_t>(pods);
    found.change = upto(12) == 0 ? Change::appeared : Change::still;
    if (found.change == Change::still) found.first_seen = kNow - std::chrono::days(1 + upto(90));
    return found;
  }

  WorkloadContainer container(std::string name, long age_days) {
    static constexpr std::array kImages = {"registry.example/shop:1.4", "docker.io/library/nginx:1.27",
                                           "quay.io/redis:7", "registry.example/billing@sha256:0f3a",
                                           "registry.example/search:latest"};
    WorkloadContainer made;
    made.name = std::move(name);
    made.image = one_of(kImages);
    made.running = 1 + upto(6);
    made.oldest_start = kNow - std::chrono::days(age_days) - std::chrono::hours(upto(20));
    made.max_restarts = static_cast<std::int64_t>(upto(4));
    const std::string image(made.image);
    made.image_ids.emplace_back(image.substr(0, image.find_first_of(":@")) + "@sha256:" + std::string(56, '0') +
                                std::to_string(10'000'000 + upto(9'999'999)));
    if (upto(25) == 0) made.image_ids.emplace_back("example/other@sha256:" + std::string(64, '1'));
    if (upto(5) > 0) {
      made.largest_write_layer.value = WriteLayer{upto(1u << 28), upto(4000)};
    } else {
      made.largest_write_layer.why_not = "kubelet of worker-" + std::to_string(upto(9)) + ": 403 Forbidden";
    }
    made.score = static_cast<int>(upto(101));
    made.reasons = {"root file system is writable", "runs as root"};
    return made;
  }

  Workload workload(std::size_t number) {
    static constexpr std::array kSpaces = {"shop",       "billing", "search",      "kube-system",
                                           "monitoring", "data",    "web-frontend"};
    static constexpr std::array kKinds = {"Deployment",  "Deployment", "Deployment",
                                          "StatefulSet", "DaemonSet",  "CronJob"};
    static constexpr std::array kNames = {"web",     "api",    "worker",   "cache",  "database",
                                          "gateway", "mailer", "importer", "reports"};
    static constexpr std::array kTeams = {"payments", "platform", "storefront", "data", ""};
    static constexpr std::array<std::uint8_t, 20> kActions = {4, 4, 4, 3, 3, 3, 3, 3, 3, 3,
                                                              3, 0, 0, 0, 0, 0, 0, 0, 1, 2};
    Workload made;
    made.cluster = number % 5 == 4 ? "staging" : "production";
    made.namespace_ = one_of(kSpaces);
    made.owner = {"apps/v1", one_of(kKinds), one_of(kNames) + '-' + std::to_string(number),
                  "uid-" + std::to_string(number)};
    made.team = one_of(kTeams);
    made.pods = 1 + upto(12);
    made.exposure = static_cast<Exposure>(upto(4));
    made.action = static_cast<Action>(kActions[upto(kActions.size())]);
    const long age =
        made.action == Action::rotate_now ? 40 + static_cast<long>(upto(500)) : static_cast<long>(upto(120));
    made.containers.push_back(container("app", age));
    if (upto(3) == 0) made.containers.push_back(container("proxy", age));
    made.mutability = made.action == Action::fine ? static_cast<int>(upto(25)) : 35 + static_cast<int>(upto(66));
    made.urgency =
        made.mutability * (1.0 + static_cast<double>(age) / 30.0) * (1.0 + static_cast<double>(made.exposure) / 2.0);
    made.passed = 20 + upto(15);
    made.skipped = upto(5);
    fill(made, age);
    return made;
  }

  void fill(Workload& made, long age) {
    const std::size_t failures = made.action == Action::fine ? 0 : 2 + upto(6);
    for (std::size_t which = 0; which < kChecks.size() && made.results.size() < failures; ++which) {
      if (which < 2 && upto(8) > 0) continue;
      made.results.push_back(failure(which, made.containers.front(), made.pods));
    }
    if (!made.results.empty() && upto(15) == 0)
      made.results.back().exception = "known to the platform team, until 2027-01-31";
    if (made.action == Action::unknown || upto(30) == 0) {
      WorkloadResult open = failure(8, made.containers.back(), made.pods);
      open.result.outcome = Outcome::unknown;
      open.result.value = {};
      open.result.message = "the kubelet of its node did not answer";
      made.results.push_back(open);
    }
    switch (made.action) {
      case Action::rotate_now: rotate(made, age); break;
      case Action::make_immutable: made.reasons = {"its root file system is writable, and nothing needs that"}; break;
      case Action::not_started: made.reasons = {"none of its pods has started yet"}; break;
      case Action::unknown: made.reasons = {"its write layer could not be read"}; break;
      case Action::fine: made.reasons = {"nothing in it can change"}; break;
    }
    if (made.action == Action::rotate_now || made.action == Action::make_immutable) patch(made);
  }

  void rotate(Workload& made, long age) {
    made.reasons = {"runs for " + std::to_string(age) + " days with a writable root (policy: 30)",
                    std::to_string(1 + upto(9)) + " vulnerabilities were published since it was admitted"};
    if (upto(10) > 0) {
      made.wave = 1 + static_cast<int>(upto(4));
      made.wave_reason = "its PodDisruptionBudget allows 1 pod at a time";
    } else {
      made.wave_reason = "its PodDisruptionBudget allows no disruption now";
    }
  }

  static void patch(Workload& made) {
    made.patch =
        "spec:\n  template:\n    spec:\n      containers:\n        - name: app\n          securityContext:\n"
        "            readOnlyRootFilesystem: true\n            allowPrivilegeEscalation: false\n"
        "            capabilities:\n              drop: [ALL]\n            seccompProfile:\n"
        "              type: RuntimeDefault\n          volumeMounts:\n            - name: initscan-tmp\n"
        "              mountPath: /tmp\n      volumes:\n        - name: initscan-tmp\n          emptyDir: {}\n";
    made.patch_notes = {"write paths are known from the image's name, not from what was written"};
  }

  void add_hostile(Workload& made, const std::string& text) {
    made.namespace_ = text;
    made.owner.name = text;
    made.team = text;
    made.reasons = {text};
    made.patch = "metadata:\n  annotations:\n    note: " + text + "\n";
    made.patch_notes = {text};
    made.wave_reason = text;
    for (WorkloadContainer& container : made.containers) {
      container.name = container.image = text;
      container.reasons = container.image_ids = {text};
      container.largest_write_layer = {std::nullopt, text};
    }
    for (WorkloadResult& found : made.results) {
      found.result.container = found.result.value = found.result.evidence = found.result.message = text;
      found.exception = text;
    }
  }

  void make(std::size_t workloads) {
    report.made = kNow;
    report.policy_name = "default";
    report.compared_with = kNow - std::chrono::days(1);
    report.complete = false;
    for (std::size_t i = 0; i < workloads; ++i) report.workloads.push_back(workload(i));
    for (std::size_t i = 0; i < std::min(kHostile.size(), workloads); ++i) {
      add_hostile(report.workloads[i * workloads / kHostile.size()], kHostile[i]);
    }
    std::stable_sort(report.workloads.begin(), report.workloads.end(), [](const Workload& a, const Workload& b) {
      return std::pair(a.action, a.urgency) > std::pair(b.action, b.urgency);
    });
    for (int number = 1; number <= 4; ++number) {
      RotationWave wave{number, {}};
      for (std::size_t i = 0; i < report.workloads.size(); ++i) {
        if (report.workloads[i].wave == number) wave.workloads.push_back(i);
      }
      if (!wave.workloads.empty()) report.waves.push_back(std::move(wave));
    }
    report.clusters = {
        {"production",
         "v1.36.2",
         workloads * 4,
         workloads * 6,
         12,
         {{"write layers of node worker-1", "403 Forbidden: nodes/stats"},
          {"write layers of node worker-7", "the kubelet did not answer within 5 s"}}},
        {"staging", "v1.35.0", workloads, workloads + 3, 0, {{"poddisruptionbudgets", "403 Forbidden"}}}};
    for (std::size_t i = 0; i < std::min<std::size_t>(workloads / 10, 40); ++i) {
      report.fixed.push_back({"production", "shop", "Deployment/old-" + std::to_string(i), "writable-root", "app",
                              kNow - std::chrono::days(3 + i)});
    }
    report.not_read = {{"production", "data", "StatefulSet/far", "write-layer", "app", kNow - std::chrono::days(4)}};
    report.exceptions = {{"root-user", "kube-system", "DaemonSet/*", "", "the network plugin needs it; ticket 4711",
                          kNow + std::chrono::days(9), 4},
                         {"*", "legacy", "", "", kHostile[0], kNow + std::chrono::days(200), 9},
                         {"writable-root", "data", "StatefulSet/database", "app", "moved to a volume in December",
                          kNow - std::chrono::days(1), 14}};
    report.warnings = {"policy.yaml:14: the exception for writable-root in data ended on 2026-11-23", kHostile[1]};
  }

  std::mt19937 random_{20261124};
};

}  // namespace

// audit_sample FOLDER [WORKLOADS] [URL of a Pushgateway]
int main(int argc, char** argv) {
  if (argc < 2) return 64;
  const Sample sample(argc > 2 ? std::stoul(argv[2]) : 320);
  const auto written = write_reports(sample.report, argv[1], {"html", "md", "json", "csv", "sarif", "junit", "prom"});
  if (!written) return std::fprintf(stderr, "audit_sample: error: %s\n", written.error().text.c_str()), 1;
  if (argc <= 3) return 0;
  const auto pushed = push_metrics(argv[3], metrics_report(sample.report));
  if (!pushed) return std::fprintf(stderr, "audit_sample: error: %s\n", pushed.error().text.c_str()), 1;
}
