#include "server/api/answers.h"

#include "common/json/writer.h"
#include "common/time/rfc3339.h"
#include "initscan/sbom/cyclonedx_reader.h"
#include "server/api/problem.h"
#include "server/api/report_body.h"
#include "server/store/packages.h"
#include "server/store/packed.h"
#include "server/store/reports.h"

#include <algorithm>

namespace initscan::server {
namespace {

HttpResponse json_answer(JsonWriter& json, unsigned status = 200) {
  HttpResponse response;
  response.status = status;
  response.content_type = "application/json";
  response.body = json.take() + '\n';
  return response;
}

void text_or_null(JsonWriter& json, std::string_view key, const std::string& text) {
  json.key(key);
  if (text.empty()) {
    json.null();
  } else {
    json.value(std::string_view(text));
  }
}

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
  text_or_null(json, "advisoriesDate", report.data_date);
  json.field("policySha256", std::string_view(report.policy_sha256));
  text_or_null(json, "sbomSha256", report.sbom_sha256.value_or(""));
  json.field("receivedAt", std::string_view(format_rfc3339(report.received_at)));
  // A token proves a pod, and neither a container nor a digest.
  json.field("asReported", true);
  json.key("reporter").begin_object().field("name", std::string_view(report.reporter));
  text_or_null(json, "namespace", report.namespace_);
  text_or_null(json, "pod", report.pod);
  text_or_null(json, "podUid", report.pod_uid);
  text_or_null(json, "node", report.node);
  json.end_object().end_object();
}

// Their fields are as long as those of packages are: indexes of databases hold no more than some KiB.
Result<std::vector<StoredPackage>> packages_of(const Sbom& sbom) {
  if (sbom.packages.size() > kMaxStoredPackages) {
    return Error{Errc::over_limit, "sbom: more than " + std::to_string(kMaxStoredPackages) + " packages"};
  }
  std::vector<StoredPackage> packages;
  packages.reserve(sbom.packages.size());
  for (const Package& package : sbom.packages) {
    packages.push_back({std::string(to_string(package.type)), package.name, package.version, package.source_name});
  }
  return packages;
}

HttpResponse no_reports(const std::string& digest) {
  return problem(404, "nothing has been reported of " + digest);
}

}  // namespace

bool has_tag(std::string_view if_none_match, std::string_view tag) {
  while (!if_none_match.empty()) {
    const std::size_t end = std::min(if_none_match.find(','), if_none_match.size());
    std::string_view one = if_none_match.substr(0, end);
    if_none_match.remove_prefix(std::min(end + 1, if_none_match.size()));
    one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
    one = one.substr(0, one.find_last_not_of(" \t") + 1);
    if (one.starts_with("W/")) one.remove_prefix(2);  // compared weakly, as for GET
    if (one == tag || one == "*") return true;
  }
  return false;
}

ReportAnswer keep_report(Store& store, const StorePart& part, const Identity& reporter, std::string_view body,
                         std::chrono::sys_seconds now) {
  auto parsed = parse_report(body);
  if (!parsed) return {problem(parsed.error())};
  Report& report = parsed->report;
  report.cluster = part.cluster;
  report.namespace_ = reporter.namespace_;
  report.pod = reporter.pod;
  report.pod_uid = reporter.pod_uid;
  report.node = reporter.node;
  report.reporter = reporter.name;
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
    const auto added = add_report(database, report, sbom, part.share);
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
  const auto after = query.find("after");
  const auto rows = store.read([&](Database& database) {
    // One more than fits says whether there is another page.
    return images(database, view, after == query.end() ? std::string() : after->second, *limit + 1);
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
  text_or_null(json, "next", has_more ? next : std::string());
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
  text_or_null(json, "next", has_more ? std::to_string((*reports)[shown - 1].id) : std::string());
  json.end_object();
  return json_answer(json);
}

std::optional<HttpResponse> show_sbom(Store& store, const View& view, const std::string& digest,
                                      std::string_view if_none_match, std::size_t most) {
  auto document = store.read([&](Database& database) { return sbom_of_image(database, view, digest, most); });
  if (!document) return store_problem(document.error());
  if (!*document) return problem(404, "no SBOM of " + digest + " has been reported");
  HttpResponse response;
  const std::string tag = "\"sha256:" + (*document)->sha256 + '"';
  response.headers.emplace_back("ETag", tag);
  if (has_tag(if_none_match, tag)) {
    response.status = 304;
    return response;
  }
  if (!(*document)->text) return std::nullopt;
  response.content_type = "application/vnd.cyclonedx+json";
  response.body = std::move(*(*document)->text);
  return response;
}

}  // namespace initscan::server
