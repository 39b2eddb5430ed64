#include "server/api/metrics.h"

#include "common/version.h"

#include <mutex>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace initscan::server {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;

const Histogram::BucketBoundaries kSeconds{5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.5, 1, 5};

double seconds_of(std::chrono::sys_seconds time) {
  return static_cast<double>(time.time_since_epoch().count());
}

}  // namespace

struct ServerMetrics::Parts {
  prometheus::Registry registry;
  Family<Counter>& requests = counters("initscan_server_requests_total", "Requests answered, by route and status.");
  Family<Histogram>& duration = prometheus::BuildHistogram()
                                    .Name("initscan_server_request_duration_seconds")
                                    .Help("Time from a request's head to its answer, by route.")
                                    .Register(registry);
  Family<Counter>& refusals = counters(
      "initscan_http_refusals_total", "Connections and requests that were refused before they had a route, by reason.");
  Family<Counter>& matches = counters("initscan_server_matches_total", "SBOMs matched and judged, by verdict.");
  Histogram& match_duration = prometheus::BuildHistogram()
                                  .Name("initscan_server_match_duration_seconds")
                                  .Help("Time to read, match and judge an SBOM.")
                                  .Register(registry)
                                  .Add({}, kSeconds);
  Counter& repeated =
      counters("initscan_server_repeated_matches_total", "SBOMs answered as the same ones were within the last minute.")
          .Add({});
  Family<Counter>& reports =
      counters("initscan_server_reports_total", "Reports kept, by verdict; the same twice is one.");
  Counter& unread_pods = counters("initscan_server_unread_pods_total",
                                  "Reports from pods of which the cluster did not say what they belong to.")
                             .Add({});
  Counter& refused_reports =
      counters("initscan_server_refused_reports_total", "Reports for which there was no room.").Add({});
  Family<Counter>& removed = counters("initscan_store_removed_total", "What was removed because it was old, by kind.");
  Family<Gauge>& kept = gauges("initscan_store_rows", "What the store holds, by kind.");
  Gauge& store_bytes = gauge("initscan_store_bytes", "How large the store is.");
  Family<Gauge>& store_max_bytes =
      gauges("initscan_store_max_bytes", "How large the store may become, where it is limited.");
  Gauge& reports_bytes =
      gauge("initscan_store_reports_bytes", "What reports take, as it is counted for those who send them.");
  Family<Gauge>& reports_max_bytes =
      gauges("initscan_store_reports_max_bytes", "What all reports together may take, where it is limited.");
  Gauge& store_up = gauge("initscan_store_up", "1 where the store can be read.");
  Gauge& audit_timestamp =
      gauge("initscan_server_audit_timestamp_seconds", "When the last audit that was sent was made; 0: none is there.");
  Gauge& index_timestamp = gauge("initscan_advisory_data_timestamp_seconds",
                                 "When the newest advisory of the index was written; 0: unknown.");
  Gauge& index_bytes = gauge("initscan_index_bytes", "How large the index in use is; 0: there is none.");
  Gauge& index_refusals =
      gauge("initscan_index_refused_files", "Files that could not take the place of the index, since the start.");
  Gauge& certificate_expiry =
      gauge("initscan_certificate_expiry_seconds", "Until the certificate that is served ends; negative afterwards.");

  Family<Gauge>& index_info = gauges("initscan_index_info", "1, with the digest of the index in use as a label.");
  std::mutex info_mutex;
  Gauge* info = nullptr;  // under info_mutex, as all below
  std::string info_sha256;

  void show_index(const std::string& sha256) {
    const std::lock_guard lock(info_mutex);
    if (sha256 == info_sha256) return;
    if (info != nullptr) index_info.Remove(info);
    info = sha256.empty() ? nullptr : &index_info.Add({{"sha256", sha256}});
    if (info != nullptr) info->Set(1);
    info_sha256 = sha256;
  }

  Family<Counter>& counters(const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
  }
  Family<Gauge>& gauges(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
  }
  Gauge& gauge(const char* name, const char* help) { return gauges(name, help).Add({}); }
};

ServerMetrics::ServerMetrics() : parts_(std::make_unique<Parts>()) {
  parts_->gauges("initscan_build_info", "1, with the version as a label.").Add({{"version", kVersion}}).Set(1);
  // There from the start, so that a rate over them knows the first one, too.
  for (const RefusalReason reason : kRefusalReasons) parts_->refusals.Add({{"reason", std::string(to_string(reason))}});
  for (const char* verdict : {"pass", "undecided", "fail"}) {
    parts_->matches.Add({{"verdict", verdict}});
    parts_->reports.Add({{"verdict", verdict}});
  }
  for (const char* kind : {"reports", "images", "sboms", "audits"}) parts_->removed.Add({{"kind", kind}});
}

ServerMetrics::~ServerMetrics() = default;

void ServerMetrics::count(std::string_view route, unsigned status, std::chrono::duration<double> took) {
  parts_->requests.Add({{"route", std::string(route)}, {"status", std::to_string(status)}}).Increment();
  parts_->duration.Add({{"route", std::string(route)}}, kSeconds).Observe(took.count());
}

void ServerMetrics::count(RefusalReason reason) {
  parts_->refusals.Add({{"reason", std::string(to_string(reason))}}).Increment();
}

void ServerMetrics::count_match(std::string_view verdict, std::chrono::duration<double> took) {
  parts_->matches.Add({{"verdict", std::string(verdict)}}).Increment();
  parts_->match_duration.Observe(took.count());
}

void ServerMetrics::count_repeated() {
  parts_->repeated.Increment();
}

void ServerMetrics::count_report(std::string_view verdict) {
  parts_->reports.Add({{"verdict", std::string(verdict)}}).Increment();
}

void ServerMetrics::count_refused_report() {
  parts_->refused_reports.Increment();
}

void ServerMetrics::count_unread_pod() {
  parts_->unread_pods.Increment();
}

void ServerMetrics::count_removed(std::string_view kind, std::int64_t rows) {
  parts_->removed.Add({{"kind", std::string(kind)}}).Increment(static_cast<double>(rows));
}

std::string ServerMetrics::text(const ServerFigures& figures) const {
  Parts& parts = *parts_;
  parts.certificate_expiry.Set(
      std::chrono::duration<double>(figures.certificate_expiry - std::chrono::system_clock::now()).count());
  parts.index_timestamp.Set(figures.index_date ? seconds_of(*figures.index_date) : 0);
  parts.index_bytes.Set(static_cast<double>(figures.index_bytes));
  parts.index_refusals.Set(static_cast<double>(figures.index_refusals));
  parts.show_index(figures.index_sha256);
  parts.kept.Add({{"kind", "reports"}}).Set(static_cast<double>(figures.reports));
  parts.kept.Add({{"kind", "images"}}).Set(static_cast<double>(figures.images));
  parts.kept.Add({{"kind", "sboms"}}).Set(static_cast<double>(figures.sboms));
  parts.kept.Add({{"kind", "audits"}}).Set(static_cast<double>(figures.audits));
  parts.audit_timestamp.Set(figures.newest_audit ? seconds_of(*figures.newest_audit) : 0);
  parts.store_bytes.Set(static_cast<double>(figures.store_bytes));
  if (figures.store_max_bytes) parts.store_max_bytes.Add({}).Set(static_cast<double>(*figures.store_max_bytes));
  parts.reports_bytes.Set(static_cast<double>(figures.reports_bytes));
  if (figures.reports_max_bytes) {
    parts.reports_max_bytes.Add({}).Set(static_cast<double>(*figures.reports_max_bytes));
  }
  parts.store_up.Set(figures.store_is_readable ? 1 : 0);
  return prometheus::TextSerializer().Serialize(parts.registry.Collect());
}

}  // namespace initscan::server
