#include "audit/report/escape.h"
#include "audit/report/report_files.h"
#include "audit/report/words.h"
#include "common/time/rfc3339.h"

#include <initializer_list>

namespace initscan::audit {
namespace {

constexpr std::string_view kHeader =
    "cluster,namespace,kind,name,team,action,mutability,urgency,exposure,wave,container,check,severity,outcome,change,"
    "first_seen,pods,value,message,evidence,exception,example_pod\r\n";

void append_row(std::string& out, std::initializer_list<std::string> fields) {
  bool first = true;
  for (const std::string& field : fields) {
    if (!first) out += ',';
    out += csv_field(field);
    first = false;
  }
  out += "\r\n";
}

// One row for each result; a workload without any has a row as well, so that a sum over workloads is right.
void append_rows(std::string& out, const Workload& workload) {
  const auto append = [&](const WorkloadResult* found) {
    const KeptResult* result = found ? &found->result : nullptr;
    append_row(out, {workload.cluster,
                     workload.namespace_,
                     workload.owner.kind,
                     workload.owner.name,
                     workload.team,
                     std::string(to_string(workload.action)),
                     std::to_string(workload.mutability),
                     fixed_text(workload.urgency, 2),
                     std::string(to_string(workload.exposure)),
                     workload.wave ? std::to_string(*workload.wave) : "",
                     std::string(result ? result->container.view() : ""),
                     result ? std::string(result->check->id) : "",
                     result ? std::string(to_string(result->check->severity)) : "",
                     result ? std::string(to_string(result->outcome)) : "",
                     found ? std::string(to_string(found->change)) : "",
                     found && found->first_seen ? format_rfc3339(*found->first_seen) : "",
                     found ? std::to_string(found->pods) : "",
                     std::string(result ? result->value.view() : ""),
                     std::string(result ? result->message.view() : ""),
                     std::string(result ? result->evidence.view() : ""),
                     std::string(found ? found->exception.view() : ""),
                     std::string(found ? found->example_pod.view() : "")});
  };
  for (const WorkloadResult& found : workload.results) append(&found);
  if (workload.results.empty()) append(nullptr);
}

}  // namespace

void put_csv(const AuditReport& report, Output& out) {
  out.put(kHeader);
  std::string rows;
  for (const Workload& workload : report.workloads) {
    rows.clear();
    append_rows(rows, workload);
    out.put(rows);
  }
}

}  // namespace initscan::audit
