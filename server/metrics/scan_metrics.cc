#include "server/metrics/scan_metrics.h"

#include "common/version.h"

#include <limits>
#include <set>
#include <sstream>
#include <utility>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace initscan::server {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

using Label = ClientMetric::Label;

// Many names of namespaces would be many series: those behind the first are told together.
class Names {
 public:
  explicit Names(const ScanFigures& figures) {
    for (const auto& [name, of_namespace] : figures.namespaces) add(name);
    for (const ScanTotal& total : figures.totals) add(total.namespace_);
  }

  std::string operator()(const std::string& name) const { return named_.contains(name) ? name : kOtherNamespaces; }

 private:
  void add(const std::string& name) {
    if (named_.size() < kMaxNamedNamespaces) named_.insert(name);
  }

  std::set<std::string> named_;
};

// Of one family, by its labels.
using Series = std::map<std::vector<std::pair<std::string, std::string>>, double>;

MetricFamily family(const char* name, const char* help, MetricType type, const Series& series) {
  MetricFamily made{name, help, type, {}};
  for (const auto& [labels, value] : series) {
    ClientMetric metric;
    for (const auto& [key, word] : labels) metric.label.push_back(Label{key, word});
    (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
    made.metric.push_back(std::move(metric));
  }
  return made;
}

MetricFamily gauge(const char* name, const char* help, double value) {
  return family(name, help, MetricType::Gauge, {{{}, value}});
}

MetricFamily scans_total(const ScanFigures& figures, const Names& names) {
  Series series;
  for (const ScanTotal& total : figures.totals) {
    series[{{"namespace", names(total.namespace_)}, {"verdict", total.verdict}, {"reason", total.reason}}] +=
        static_cast<double>(total.scans);
  }
  return family(
      "initscan_scans_total",
      "Runs of gates that have ended, by verdict; reason: why nothing was decided, or a pass is one by policy alone.",
      MetricType::Counter, series);
}

MetricFamily durations(const ScanDurations& durations) {
  MetricFamily made{
      "initscan_scan_duration_seconds", "From the start of a gate to its verdict.", MetricType::Histogram, {}};
  ClientMetric metric;
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < durations.scans.size(); ++i) {
    all += static_cast<std::uint64_t>(durations.scans[i]);
    const double end = i < kDurationEnds.size() ? static_cast<double>(kDurationEnds[i]) / 1000
                                                : std::numeric_limits<double>::infinity();
    metric.histogram.bucket.push_back({all, end});
  }
  metric.histogram.sample_count = all;
  metric.histogram.sample_sum = static_cast<double>(durations.milliseconds) / 1000;
  made.metric.push_back(std::move(metric));
  return made;
}

MetricFamily findings(const ScanFigures& figures, const Names& names) {
  Series series;
  for (const auto& [name, of_namespace] : figures.namespaces) {
    for (std::size_t i = 0; i < kSeverities; ++i) {
      const auto severity = static_cast<Severity>(i);
      const auto& [found, fixable] = of_namespace.findings[severity];
      const std::string word(to_string(severity));
      series[{{"namespace", names(name)}, {"severity", word}, {"fixable", "true"}}] += static_cast<double>(fixable);
      series[{{"namespace", names(name)}, {"severity", word}, {"fixable", "false"}}] +=
          static_cast<double>(found - fixable);
    }
  }
  return family("initscan_findings", "Findings of the distinct images that run now, as their scans said.",
                MetricType::Gauge, series);
}

MetricFamily pods(const ScanFigures& figures, const Names& names) {
  Series series;
  for (const auto& [name, of_namespace] : figures.namespaces) {
    for (std::size_t i = 0; i < kPodStates; ++i) {
      const auto state = static_cast<PodState>(i);
      if (state == PodState::ended || state == PodState::unlabelled) continue;
      series[{{"namespace", names(name)}, {"state", std::string(to_string(state))}}] +=
          static_cast<double>(of_namespace.pods[i]);
    }
  }
  return family("initscan_pods", "Pods of namespaces that ask to be scanned, and those with a gate elsewhere.",
                MetricType::Gauge, series);
}

MetricFamily blocked(const ScanFigures& figures, const Names& names) {
  Series series;
  for (const auto& [name, of_namespace] : figures.namespaces) {
    for (std::size_t i = 0; i < kBlockReasons; ++i) {
      const std::string reason(to_string(static_cast<BlockReason>(i)));
      series[{{"namespace", names(name)}, {"reason", reason}}] += static_cast<double>(of_namespace.blocked[i]);
    }
  }
  return family("initscan_pods_blocked", "Pods that cannot start because of initscan's containers.", MetricType::Gauge,
                series);
}

MetricFamily unscanned(const ScanFigures& figures, const Names& names) {
  Series series;
  for (const auto& [name, of_namespace] : figures.namespaces) {
    series[{{"namespace", names(name)}}] += static_cast<double>(of_namespace.running_unscanned);
  }
  return family("initscan_pods_running_unscanned", "Pods that have passed and run another image than was scanned.",
                MetricType::Gauge, series);
}

MetricFamily watch_ages(const ScanFigures& figures) {
  Series series;
  for (const WatchedResource& one : figures.watched) {
    series[{{"resource", one.resource}}] = static_cast<double>(one.age.count());
  }
  return family("initscan_server_watch_age_seconds",
                "How old what is known of a resource is; 0 while the API server is in reach.", MetricType::Gauge,
                series);
}

}  // namespace

std::string render_metrics(const ScanFigures& figures) {
  const Names names(figures);
  std::vector<MetricFamily> families;
  families.push_back(family("initscan_server_build_info", "The version that runs.", MetricType::Gauge,
                            {{{{"version", kVersion}}, 1}}));
  families.push_back(
      gauge("initscan_server_leader", "1 for the replica that tells of the cluster.", figures.is_leader ? 1 : 0));
  families.push_back(watch_ages(figures));
  families.push_back(gauge("initscan_server_scans_waiting", "Scans that are seen and not in the store yet.",
                           static_cast<double>(figures.scans_waiting)));
  families.push_back(gauge("initscan_server_events_lost", "Events that could not be queued since the start.",
                           static_cast<double>(figures.events_lost)));
  families.push_back(gauge("initscan_certificate_expiry_seconds",
                           "Until the certificate that is served ends; negative afterwards.",
                           figures.certificate_ends_in.count()));
  families.push_back(gauge("initscan_store_up", "1 where the store can be read.", figures.store_is_readable ? 1 : 0));
  if (figures.is_leader) {
    if (figures.advisory_date) {
      families.push_back(gauge("initscan_advisory_data_timestamp_seconds",
                               "When the oldest advisories that scans of the last day had were written.",
                               static_cast<double>(figures.advisory_date->time_since_epoch().count())));
    }
    // No counter falls back to 0 because the store is away.
    if (figures.store_is_readable) {
      families.push_back(scans_total(figures, names));
      families.push_back(durations(figures.durations));
    }
    families.push_back(findings(figures, names));
    families.push_back(pods(figures, names));
    families.push_back(blocked(figures, names));
    families.push_back(unscanned(figures, names));
  }
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families);
  return out.str();
}

}  // namespace initscan::server
