#include "common/text/ascii.h"
#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/feed/joined_statements.h"
#include "initscan/advisory/feed/rpm_release.h"
#include "initscan/advisory/feed/severity_words.h"
#include "initscan/advisory/feed/vulnerability_names.h"
#include "initscan/advisory/feed/xml_events.h"

#include <algorithm>
#include <utility>

namespace initscan {
namespace {

constexpr std::size_t kMaxBuilds = 200'000;     // of one update
constexpr std::size_t kMaxReferences = 20'000;  // of one update

// "2018-01-04 00:23", "2024-05-01 01:02:03" -> RFC 3339; "" where it is no such date.
std::string date_of(std::string_view text) {
  constexpr std::string_view kFull = "0000-00-00 00:00:00";
  if (text.size() != kFull.size() && text.size() != kFull.size() - 3 && text.size() != 10) return {};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (kFull[i] == '0' ? !is_digit(text[i]) : text[i] != kFull[i]) return {};
  }
  std::string date(text);
  date += kFull.substr(text.size());
  date[10] = 'T';
  return date + 'Z';
}

// The CVEs in a text: an id, or the heading of a bug.
void read_cves(std::string_view text, std::vector<std::string>& cves) {
  for (std::size_t at = text.find("CVE-"); at != text.npos; at = text.find("CVE-", at + 1)) {
    const std::string_view rest = text.substr(at);
    std::string cve(rest.substr(0, rest.find_first_not_of("-0123456789", 4)));
    const bool is_whole = std::count(cve.begin(), cve.end(), '-') == 2 && is_digit(cve.back());
    if (is_whole && std::find(cves.begin(), cves.end(), cve) == cves.end()) cves.push_back(std::move(cve));
  }
}

// Reads `update` by `update`.
class Updates : public XmlHandler {
 public:
  explicit Updates(const RecordSink& sink) : sink_(sink) {}

  void start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "update") {
      record_ = {};
      advisory_ = {};
      statements_ = {};
      builds_ = 0;
      type_ = attributes["type"];
    } else if (name == "issued") {
      advisory_.published = date_of(attributes["date"]);
    } else if (name == "updated") {
      record_.modified = date_of(attributes["date"]);
    } else if (name == "reference" && references_++ < kMaxReferences) {
      read_cves(attributes["id"], advisory_.upstream);
      read_cves(attributes["title"], advisory_.upstream);
    } else if (name == "collection") {
      module_.clear();
    } else if (name == "module") {
      module_ = std::string(attributes["name"]) + ':' + std::string(attributes["stream"]);
    } else if (name == "package") {
      add_build(attributes);
    }
  }

  Result<void> end(std::string_view name, std::string_view text) override {
    const bool is_head = builds_ == 0;  // packages have elements of the same names
    if (name == "id" && is_head) advisory_.id = text;
    if (name == "title" && is_head) advisory_.summary = first_line(text);
    if (name == "severity") advisory_.severity = severity_of_word(text);
    if (builds_ > kMaxBuilds || references_ > kMaxReferences)
      return Error{Errc::over_limit, advisory_.id + ": too many packages or references"};
    return name == "update" ? end_update() : Result<void>();
  }

 private:
  void add_build(const XmlAttributes& attributes) {
    ++builds_;
    const std::string release(attributes["release"]);
    AffectedPackage affected;
    affected.ecosystem = ecosystem_of_build(release);
    affected.name = attributes["name"];
    if (affected.ecosystem.empty()) return record_.skipped.emplace_back("a build for no release that is known"), void();
    if (affected.name.empty() || attributes["version"].empty())
      return record_.skipped.emplace_back("a build without name or version"), void();
    const std::string epoch(attributes["epoch"]);
    const std::string version = std::string(attributes["version"]) + '-' + release;
    affected.ranges.push_back({"", epoch.empty() || epoch == "0" ? version : epoch + ':' + version, ""});
    affected.scope.module = module_;
    affected.scope.architectures = {std::string(attributes["arch"])};
    if (!statements_.add(std::move(affected))) record_.skipped.emplace_back("one more architecture of a package");
  }

  Result<void> end_update() {
    if (advisory_.id.empty()) return Error{Errc::malformed, "an update without id"};
    references_ = 0;
    record_.id = advisory_.id;
    if (record_.modified.empty()) record_.modified = advisory_.published;
    record_.regression_update = is_regression_update(advisory_.summary);
    advisory_.affected = statements_.take();
    if (advisory_.upstream.empty() && type_ != "security") {
      record_.skipped.emplace_back("an update that fixes no vulnerability");
    } else {
      record_.advisories.push_back(std::move(advisory_));
    }
    sink_(std::move(record_));
    return {};
  }

  const RecordSink& sink_;
  FeedRecord record_;
  Advisory advisory_;
  JoinedStatements statements_;
  std::size_t builds_ = 0;
  std::size_t references_ = 0;
  std::string type_;
  std::string module_;
};

}  // namespace

Result<void> parse_updateinfo(std::string_view xml, const RecordSink& sink) {
  Updates updates(sink);
  return read_xml(xml, updates);
}

}  // namespace initscan
