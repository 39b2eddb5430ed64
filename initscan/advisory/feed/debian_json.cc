#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/feed/matched_ecosystem.h"
#include "initscan/advisory/feed/severity_words.h"
#include "initscan/model/ecosystems.h"

#include <utility>

#include <simdjson.h>

namespace initscan {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t kMaxTrackerBytes = 256 << 20;
constexpr std::size_t kMaxNameBytes = 200;

// What the tracker says of a vulnerability of a package in one release.
struct Release {
  std::string_view status;
  std::string_view fixed;
  std::string_view urgency;
  bool has_no_dsa = false;
  std::string_view no_dsa_reason;
};

Release read_release(ondemand::object object) {
  Release release;
  for (ondemand::field field : object) {
    const std::string_view key = field.unescaped_key();
    if (key == "status") release.status = field.value().get_string();
    if (key == "fixed_version") release.fixed = field.value().get_string();
    if (key == "urgency") release.urgency = field.value().get_string();
    if (key == "nodsa") release.has_no_dsa = true;
    if (key == "nodsa_reason") release.no_dsa_reason = field.value().get_string();
  }
  return release;
}

// "high**": the stars say that it was taken from elsewhere.
Severity severity_of(std::string_view urgency) {
  while (urgency.ends_with('*')) urgency.remove_suffix(1);
  return severity_of_word(urgency);
}

// Why a package that is affected is not repaired: "ignored", "postponed" or "", which is <no-dsa>.
AdvisoryStatus unrepaired(const Release& release) {
  if (release.urgency == "end-of-life") return AdvisoryStatus::end_of_life;
  if (!release.has_no_dsa) return AdvisoryStatus::affected;
  return release.no_dsa_reason == "ignored" ? AdvisoryStatus::will_not_fix : AdvisoryStatus::deferred;
}

void read_status(const Release& release, AffectedPackage& affected) {
  affected.severity = severity_of(release.urgency);
  if (release.status == "open") {
    affected.status = unrepaired(release);
    affected.ranges.push_back({});
  } else if (release.status == "undetermined") {
    affected.unclear.emplace_back("whether it is affected is undetermined");
  } else if (release.status != "resolved") {
    affected.unclear.emplace_back("a status that is not known");
  } else if (release.fixed == "0") {  // the tracker's way to say that no version was affected
    affected.status = AdvisoryStatus::not_affected;
    affected.ranges.push_back({});
  } else if (release.fixed.empty()) {
    affected.unclear.emplace_back("the version of its fix is not given");
  } else if (is_word_for_version(release.fixed)) {
    affected.unclear.emplace_back("an unknown tag takes the place of its fix");
  } else {
    affected.ranges.push_back({"", std::string(release.fixed), ""});
  }
}

void read_releases(ondemand::value releases, std::string_view package, Advisory& advisory, FeedRecord& record) {
  if (releases.type() == ondemand::json_type::array) {  // an empty object is written as one
    ondemand::array list = releases.get_array();
    const bool is_empty = list.is_empty();
    if (!is_empty) throw simdjson::simdjson_error(simdjson::INCORRECT_TYPE);
    record.skipped.emplace_back("no release");
    return;
  }
  for (ondemand::field field : releases.get_object()) {
    const std::string codename(std::string_view(field.unescaped_key()));
    const Release release = read_release(field.value().get_object());
    const std::string_view number = number_of_codename(*find_distribution("debian"), codename);
    if (number.empty()) {
      record.skipped.emplace_back("a release without a number");
      continue;
    }
    AffectedPackage affected;
    affected.ecosystem = "Debian:" + std::string(number);
    affected.name = package;
    read_status(release, affected);
    advisory.affected.push_back(std::move(affected));
  }
}

FeedRecord read_vulnerability(std::string_view package, std::string_view id, ondemand::object object) {
  FeedRecord record;
  Advisory advisory;
  advisory.id = id;
  for (ondemand::field field : object) {
    const std::string_view key = field.unescaped_key();
    if (key == "description") advisory.summary = first_line(field.value().get_string());
    if (key == "releases") read_releases(field.value(), package, advisory, record);
  }
  record.advisories.push_back(std::move(advisory));
  return record;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxNameBytes;
}

}  // namespace

Result<void> parse_debian_json(std::string_view json, const RecordSink& sink) {
  if (json.size() > kMaxTrackerBytes)
    return Error{Errc::over_limit, "larger than the limit of " + std::to_string(kMaxTrackerBytes) + " bytes"};
  std::string place;
  try {
    ondemand::parser parser(kMaxTrackerBytes);
    const simdjson::padded_string padded(json);
    ondemand::document document = parser.iterate(padded);
    for (ondemand::field package : document.get_object()) {
      const std::string name(std::string_view(package.unescaped_key()));
      place = name;
      if (!is_name(name)) return Error{Errc::malformed, "want the name of a package as a key"};
      for (ondemand::field vulnerability : package.value().get_object()) {
        const std::string id(std::string_view(vulnerability.unescaped_key()));
        place = name + ": " + id;
        if (!is_name(id)) return Error{Errc::malformed, name + ": want the id of a vulnerability as a key"};
        sink(read_vulnerability(name, id, vulnerability.value().get_object()));
      }
    }
    return {};
  } catch (const simdjson::simdjson_error& e) {
    return Error{Errc::malformed, (place.empty() ? "" : place + ": ") + "not the tracker's JSON: " + e.what()};
  }
}

}  // namespace initscan
