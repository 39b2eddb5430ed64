#include "audit/report/escape.h"
#include "audit/report/report_files.h"
#include "audit/report/words.h"
#include "common/time/rfc3339.h"

namespace initscan::audit {
namespace {

struct Counts {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
};

void append_case(std::string& out, const Workload& workload, const WorkloadResult& found, Counts& counts) {
  const KeptResult& result = found.result;
  const std::string name =
      std::string(result.check->id) + (result.container.empty() ? "" : " in " + std::string(result.container));
  out += "    <testcase classname=\"" + markup_text(place_of(workload)) + "\" name=\"" + markup_text(name) + "\">";
  ++counts.tests;
  if (found.is_accepted()) {
    ++counts.skipped;
    out += "<skipped message=\"" + markup_text("accepted: " + std::string(found.exception)) + "\"/>";
  } else {
    const bool failed = result.outcome == Outcome::fail;
    ++(failed ? counts.failures : counts.errors);
    const std::string_view tag = failed ? "failure" : "error";
    out += '<' + std::string(tag) + " type=\"" + markup_text(to_string(result.check->severity)) + "\" message=\"" +
           markup_text(result.message.empty() ? result.check->title : result.message.view()) + "\">" +
           markup_text(std::string(result.evidence) + (result.value.empty() ? "" : ": " + std::string(result.value))) +
           "\n" + markup_text(result.check->remedy) + "</" + std::string(tag) + '>';
  }
  out += "</testcase>\n";
}

void append_suite(std::string& out, const Workload& workload, Time made) {
  Counts counts;
  std::string cases;
  for (const WorkloadResult& found : workload.results) append_case(cases, workload, found, counts);
  if (workload.passed > 0 || counts.tests == 0) {
    ++counts.tests;
    cases += "    <testcase classname=\"" + markup_text(place_of(workload)) + "\" name=\"" +
             counted(workload.passed, "result") + " passed\"/>\n";
  }
  out += "  <testsuite name=\"" + markup_text(place_of(workload)) + "\" tests=\"" + std::to_string(counts.tests) +
         "\" failures=\"" + std::to_string(counts.failures) + "\" errors=\"" + std::to_string(counts.errors) +
         "\" skipped=\"" + std::to_string(counts.skipped) + "\" timestamp=\"" + format_rfc3339(made) + "\">\n" + cases +
         "  </testsuite>\n";
}

// What could not be read is an error of the cluster: a CI job must not turn green by a 403.
void append_suite(std::string& out, const ClusterSummary& cluster) {
  if (cluster.gaps.empty()) return;
  const std::string name = markup_text("cluster " + cluster.name);
  const std::string size = std::to_string(cluster.gaps.size());
  out += "  <testsuite name=\"" + name + "\" tests=\"" + size + "\" failures=\"0\" errors=\"" + size + "\">\n";
  for (const Gap& gap : cluster.gaps) {
    out += "    <testcase classname=\"" + name + "\" name=\"" + markup_text(gap.part) +
           "\"><error type=\"gap\" message=\"" + markup_text(gap.reason) + "\"/></testcase>\n";
  }
  out += "  </testsuite>\n";
}

}  // namespace

void put_junit(const AuditReport& report, Output& out) {
  std::string suites = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"initscan-audit\">\n";
  for (const ClusterSummary& cluster : report.clusters) append_suite(suites, cluster);
  for (const Workload& workload : report.workloads) {
    append_suite(suites, workload, report.made);
    out.put(suites);
    suites.clear();
  }
  out.put(suites + "</testsuites>\n");
}

}  // namespace initscan::audit
