// What a parser reads in a feed's file, for tests that compare it with what others read there: a line of JSON for each
// record. `cvss` reads a vector in each line and answers with its score, or "?".
#include "common/json/writer.h"
#include "common/time/day.h"
#include "initscan/advisory/feed/cvss.h"
#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/overlay/overlay_sources.h"

#include <array>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <map>
#include <string>

namespace initscan {
namespace {

using Parse = Result<void> (*)(std::string_view, const RecordSink&);

const std::map<std::string, Parse>& parsers() {
  static const std::map<std::string, Parse> known{{"alpine-secdb", parse_alpine_secdb},
                                                  {"amazon-page", parse_amazon_page},
                                                  {"azure-linux-oval", parse_azure_linux_oval},
                                                  {"debian-json", parse_debian_json},
                                                  {"debian-tracker", parse_debian_tracker},
                                                  {"oracle-oval", parse_oracle_oval},
                                                  {"osv", parse_osv},
                                                  {"photon-json", parse_photon},
                                                  {"redhat-csaf", parse_redhat_csaf},
                                                  {"redhat-cve", parse_redhat_cve},
                                                  {"rustsec", parse_rustsec},
                                                  {"suse-oval", parse_suse_oval},
                                                  {"ubuntu-tracker", parse_ubuntu_tracker},
                                                  {"updateinfo", parse_updateinfo}};
  return known;
}

std::string_view name_of(AdvisoryStatus status) {
  switch (status) {
    case AdvisoryStatus::affected: return "affected";
    case AdvisoryStatus::will_not_fix: return "will_not_fix";
    case AdvisoryStatus::deferred: return "deferred";
    case AdvisoryStatus::end_of_life: return "end_of_life";
    case AdvisoryStatus::under_investigation: return "under_investigation";
    case AdvisoryStatus::not_affected: return "not_affected";
  }
  return "?";
}

std::string score_text(double score) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%.1f", score);
  return text.data();
}

void write_list(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.key(key).begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
}

void write_affected(JsonWriter& json, const AffectedPackage& affected) {
  json.begin_object().field("ecosystem", affected.ecosystem).field("name", affected.name);
  json.key("ranges").begin_array();
  for (const VersionRange& range : affected.ranges)
    json.begin_array().value(range.introduced).value(range.fixed).value(range.last_affected).end_array();
  json.end_array();
  write_list(json, "versions", affected.versions);
  write_list(json, "unclear", affected.unclear);
  write_list(json, "symbols", affected.symbols);
  json.field("severity", to_string(affected.severity)).key("cvss").number(score_text(affected.cvss));
  json.field("status", name_of(affected.status));
  write_list(json, "cpes", affected.scope.cpes);
  write_list(json, "architectures", affected.scope.architectures);
  json.field("product", affected.scope.product).field("module", affected.scope.module);
  json.field("flavour", affected.scope.flavour).end_object();
}

void write_advisory(JsonWriter& json, const Advisory& advisory) {
  json.begin_object().field("id", advisory.id);
  write_list(json, "aliases", advisory.aliases);
  write_list(json, "upstream", advisory.upstream);
  json.field("severity", to_string(advisory.severity)).key("cvss").number(score_text(advisory.cvss));
  json.field("published", advisory.published).field("summary", advisory.summary);
  json.field("malicious", advisory.is_malicious);
  json.key("affected").begin_array();
  for (const AffectedPackage& affected : advisory.affected) write_affected(json, affected);
  json.end_array().end_object();
}

void write_record(const FeedRecord& record) {
  JsonWriter json;
  json.begin_object().field("id", record.id).field("modified", record.modified).field("withdrawn", record.withdrawn);
  json.field("regression_update", record.regression_update);
  write_list(json, "skipped", record.skipped);
  write_list(json, "notes", record.notes);
  json.key("advisories").begin_array();
  for (const Advisory& advisory : record.advisories) write_advisory(json, advisory);
  json.end_array().end_object();
  std::cout << json.text() << '\n';
}

int score_vectors() {
  for (std::string vector; std::getline(std::cin, vector);) {
    const auto score = cvss_score(vector);
    std::cout << (score ? score_text(score->score) : "?") << '\n';
  }
  return 0;
}

int read_feed(Parse parse) {
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  const auto done = parse(text, [](FeedRecord&& record) { write_record(record); });
  if (!done) std::cerr << done.error().text << '\n';
  return done ? 0 : 1;
}

// What an overlay is made of: each vulnerability, and each end of a release.
int read_overlay_source(const OverlayFormat& format) {
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  const auto part = format.parse(text);
  if (!part) std::cerr << part.error().text << '\n';
  if (!part) return 1;
  const auto day = [](auto number) { return format_day(std::chrono::sys_days(std::chrono::days(number))); };
  for (const ExploitationRecord& record : part->vulnerabilities) {
    JsonWriter json;
    json.begin_object().field("year", record.year).field("number", record.number).field("date", part->date);
    if (record.known_since != 0) json.field("knownSince", day(record.known_since));
    if (record.epss != kNoEpss) json.field("epss", record.epss).field("percentile", record.percentile);
    std::cout << json.end_object().take() << '\n';
  }
  for (const auto& [release, end] : part->ends) {
    JsonWriter json;
    std::cout << json.begin_object().field("release", release).field("end", day(end)).end_object().take() << '\n';
  }
  return 0;
}

}  // namespace
}  // namespace initscan

int main(int argc, char** argv) {
  const std::string kind = argc == 2 ? argv[1] : "";
  if (kind == "cvss") return initscan::score_vectors();
  const auto parser = initscan::parsers().find(kind);
  if (parser != initscan::parsers().end()) return initscan::read_feed(parser->second);
  for (const initscan::OverlayFormat& format : initscan::overlay_formats()) {
    if (format.kind == kind) return initscan::read_overlay_source(format);
  }
  std::cerr << "usage: feed_rows KIND <FILE, or feed_rows cvss <VECTORS\n";
  return 64;
}
