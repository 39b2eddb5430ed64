#include "server/api/answers.h"

#include "common/json/writer.h"
#include "common/time/rfc3339.h"
#include "initscan/model/ecosystems.h"
#include "initscan/sbom/cyclonedx_reader.h"
#include "server/api/json_answer.h"
#include "server/api/problem.h"
#include "server/api/report_body.h"
#include "server/store/packages.h"
#include "server/store/packed.h"
#include "server/store/reports.h"

#include <algorithm>

namespace initscan::server {
namespace {

void write_counts(JsonWriter& json, const FindingCounts& counts) {
  json.key("findings").begin_object();
  for (const Severity severity :
       {Severity::critical, Severity::high, Severity::medium, Severity::low, Severity::negligible, Severity::unknown}) {
    json.key(to_string(severity)).begin_object();
    json.field("total", counts[severity].findings).field("fixable", counts[severity].fixable).end_object();
  }
  json.end_object();
}

void write_report(JsonWriter& json, const Report& report) {
  json.begin_object();
  json.field("digest", std::string_view(report.digest)).field("reference", std::string_view(report.reference));
  json.field("verdict", std::string_view(report.verdict));
  write_counts(json, report.counts);
  json.field_or_null("advisoriesDate", report.data_date);
  json.field("policySha256", std::string_view(report.policy_sha256));
  json.field_or_null("sbomSha256", report.sbom_sha256.value_or(""));
  json.field("receivedAt", std::string_view(format_rfc3339(report.received_at)));
  // A token proves a pod, and neither a container nor a digest.
  json.field("asReported", true);
  json.key("reporter").begin_object().field("name", std::string_view(report.reporter));
  json.field_or_null("namespace", report.namespace_);
  json.field_or_null("pod", report.pod);
  json.field_or_null("podUid", report.pod_uid);
  json.field_or_null("node", report.node);
  json.key("workload");
  if (report.workload_kind.empty()) {
    json.null();
  } else {
    json.begin_object().field("kind", report.workload_kind).field("name", report.workload).end_object();
  }
  json.end_object().end_object();
}

// What stands behind the name of whose it is.
std::string short_name_of(const Package& package) {
  const Ecosystem* const ecosystem = find_ecosystem(package.type);
  if (ecosystem == nullptr || ecosystem->name_space_mark.empty()) return {};
  const std::size_t mark = package.name.rfind(ecosystem->name_space_mark);
  return mark == package.name.npos ? std::string() : package.name.substr(mark + ecosystem->name_space_mark.size());
}

// Their fields are as long as those of packages are: indexes of databases hold no more than some KiB.
Result<std::vector<StoredPackage>> packages_of(const Sbom& sbom) {
  if (sbom.packages.size() > kMaxStoredPackages) {
    return Error{Errc::over_limit, "sbom: more than " + std::to_string(kMaxStoredPackages) + " packages"};
  }
  std::vector<StoredPackage> packages;
  packages.reserve(sbom.packages.size());
  for (const Package& package : sbom.packages) {
    packages.push_back({std::string(to_string(package.type)), package.name, package.version, package.source_name,
                        short_name_of(package)});
  }
  return packages;
}

// Of an image that is named by a tag: neither the name nor who reports says which one ran, but its node does.
Result<std::string> digest_of(const std::string& reference, const Result<ReportingPod>& pod) {
  const std::string what = "image.digest: " + reference + " is named by a tag, and ";
  if (!pod && pod.error().code == Errc::unavailable) return Error{pod.error().code, what + pod.error().text};
  if (!pod)
    return Error{Errc::unsupported, what + "only a pod's node can say of which digest it is: " + pod.error().text};
  const auto image = pod->images.find(reference);
  if (image == pod->images.end()) return Error{Errc::unsupported, what + "the pod scans no image of this name"};
  if (!image->second.digest.empty()) return image->second.digest;
  if (image->second.may_follow)
    return Error{Errc::unavailable, what + "its node has not said yet of which digest it is"};
  return Error{Errc::unsupported, what + "its node does not say of which digest it is"};
}

void add_reporter(const Reporter& reporter, Report& report) {
  report.namespace_ = reporter.identity.namespace_;
  report.pod = reporter.identity.pod;
  report.pod_uid = reporter.identity.pod_uid;
  report.node = reporter.identity.node;
  report.reporter = reporter.identity.name;
  if (!reporter.pod) return;
  report.workload_kind = reporter.pod->workload.kind;
  report.workload = reporter.pod->workload.name;
}

HttpResponse no_reports(const std::string& digest) {
  return problem(404, "nothing has been reported of " + digest);
}

}  // namespace

ReportAnswer keep_report(Store& store, const StorePart& part, const Reporter& reporter, std::string_view body,
                         std::chrono::sys_seconds now) {
  auto parsed = parse_report(body);
  if (!parsed) return {problem(parsed.error())};
  Report& report = parsed->report;
  if (report.digest.empty()) {
    auto digest = digest_of(report.reference, reporter.pod);
    if (!digest) return {problem(digest.error())};
    report.digest = std::move(*digest);
  }
  add_reporter(reporter, report);
  report.cluster = part.cluster;
  report.received_at = now;
  std::optional<StoredSbom> sbom;
  if (parsed->sbom) {
    const auto document = read_cyclonedx(*parsed->sbom);
    if (!document) return {problem(Error(document.error()).within("sbom"))};
    auto packages = packages_of(*document);
    if (!packages) return {problem(packages.error())};
    auto packed = pack(*parsed->sbom);
    if (!packed) return {problem(packed.error())};
    const bool is_whole = document->coverage.unsupported == 0 && document->coverage.incomplete.empty();
    sbom = StoredSbom{*report.sbom_sha256, parsed->sbom->size(), std::move(*packed), std::move(*packages), is_whole};
  }
  bool is_new = false;
  const auto kept = store.write([&](Database& database) -> Result<void> {
    const auto added = add_report(database, report, sbom, part.room);
    if (!added) return added.error();
    is_new = *added;
    return {};
  });
  if (!kept) return {store_problem(kept.error())};
  JsonWriter json;
  write_report(json, report);
  return {json_answer(json, is_new ? 201 : 200), is_new ? report.verdict : std::string()};
}

HttpResponse list_images(Store& store, const View& view, const Parameters& query) {
  const auto limit = count_in(query, "limit", kUsualPage, kMaxPage);
  if (!limit) return problem(limit.error());
  const auto rows = store.read([&](Database& database) {
    // One more than fits says whether there is another page.
    return images(database, view, text_in(query, "after"), *limit + 1);
  });
  if (!rows) return store_problem(rows.error());
  const bool has_more = rows->size() > *limit;
  JsonWriter json;
  json.begin_object().key("images").begin_array();
  std::string next;
  for (std::size_t i = 0; i < std::min(rows->size(), *limit); ++i) {
    const ImageRow& row = (*rows)[i];
    json.begin_object();
    json.field("digest", std::string_view(row.digest)).field("reference", std::string_view(row.reference));
    json.field("firstSeen", std::string_view(format_rfc3339(row.first_seen)));
    json.field("lastSeen", std::string_view(format_rfc3339(row.last_seen)));
    json.field("verdict", std::string_view(row.verdict));
    write_counts(json, row.counts);
    json.end_object();
    next = row.digest;
  }
  json.end_array();
  json.field_or_null("next", has_more ? next : std::string());
  json.end_object();
  return json_answer(json);
}

HttpResponse show_verdict(Store& store, const View& view, const std::string& digest) {
  const auto reports = store.read([&](Database& database) { return reports_of_image(database, view, digest, 0, 1); });
  if (!reports) return store_problem(reports.error());
  if (reports->empty()) return no_reports(digest);
  JsonWriter json;
  write_report(json, reports->front().report);
  return json_answer(json);
}

HttpResponse show_history(Store& store, const View& view, const std::string& digest, const Parameters& query) {
  const auto limit = count_in(query, "limit", kUsualPage, kMaxPage);
  if (!limit) return problem(limit.error());
  const auto before = number_in(query, "before");
  if (!before) return problem(before.error());
  const auto reports =
      store.read([&](Database& database) { return reports_of_image(database, view, digest, *before, *limit + 1); });
  if (!reports) return store_problem(reports.error());
  if (reports->empty() && *before == 0) return no_reports(digest);
  const bool has_more = reports->size() > *limit;
  const std::size_t shown = std::min(reports->size(), *limit);
  JsonWriter json;
  json.begin_object().key("reports").begin_array();
  for (std::size_t i = 0; i < shown; ++i) write_report(json, (*reports)[i].report);
  json.end_array();
  json.field_or_null("next", has_more ? std::to_string((*reports)[shown - 1].id) : std::string());
  json.end_object();
  return json_answer(json);
}

std::optional<HttpResponse> show_sbom(Store& store, const View& view, const std::string& digest,
                                      std::string_view if_none_match, std::size_t most) {
  auto document = store.read([&](Database& database) { return sbom_of_image(database, view, digest, most); });
  if (!document) return store_problem(document.error());
  if (!*document) return problem(404, "no SBOM of " + digest + " has been reported");
  HttpResponse response;
  if (is_not_modified(response, (*document)->sha256, if_none_match)) return response;
  if (!(*document)->text) return std::nullopt;
  response.content_type = "application/vnd.cyclonedx+json";
  response.body = std::move(*(*document)->text);
  return response;
}

}  // namespace initscan::server
