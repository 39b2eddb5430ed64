#include "common/text/lines.h"
#include "initscan/advisory/feed/cargo_ranges.h"
#include "initscan/advisory/feed/cvss.h"
#include "initscan/advisory/feed/feed.h"

#include <optional>
#include <utility>

#include <toml++/toml.h>

namespace initscan {
namespace {

constexpr std::size_t kMaxAdvisoryBytes = 1 << 20;
constexpr std::size_t kMaxRequirements = 1000;

// The TOML in the first fenced block, and the heading below it.
struct Parts {
  std::string_view toml;
  std::string_view heading;
};

std::optional<Parts> parts_of(std::string_view markdown) {
  constexpr std::string_view kFence = "```";
  if (take_line(markdown).substr(0, 7) != "```toml") return std::nullopt;
  const std::string_view from_toml = markdown;
  Parts parts;
  for (bool in_toml = true; !markdown.empty();) {
    const std::size_t at = from_toml.size() - markdown.size();
    const std::string_view line = take_line(markdown);
    if (in_toml && line.starts_with(kFence)) {
      parts.toml = from_toml.substr(0, at);
      in_toml = false;
    } else if (!in_toml && line.starts_with("# ")) {
      parts.heading = line.substr(2);
      return parts;
    }
  }
  return parts.toml.data() == nullptr ? std::nullopt : std::optional(parts);
}

// The texts of a list; nullopt where it is none, or has something else in it.
std::optional<std::vector<std::string_view>> texts_of(const toml::node_view<const toml::node>& node) {
  std::vector<std::string_view> texts;
  if (!node) return texts;
  const toml::array* const array = node.as_array();
  if (array == nullptr || array->size() > kMaxRequirements) return std::nullopt;
  for (const toml::node& item : *array) {
    const auto text = item.value<std::string_view>();
    if (!text) return std::nullopt;
    texts.push_back(*text);
  }
  return texts;
}

std::string date_of(const toml::node_view<const toml::node>& node) {
  const std::string_view text = node.value_or(std::string_view());
  return text.empty() ? "" : std::string(text) + "T00:00:00Z";
}

AffectedPackage affected_of(const toml::table& document, const std::string& package) {
  AffectedPackage affected;
  affected.ecosystem = "crates.io";
  affected.name = package;
  auto spared = texts_of(document["versions"]["patched"]);
  const auto unaffected = texts_of(document["versions"]["unaffected"]);
  if (spared && unaffected) spared->insert(spared->end(), unaffected->begin(), unaffected->end());
  auto ranges = spared && unaffected ? versions_outside(*spared) : std::nullopt;
  if (ranges) {
    affected.ranges = std::move(*ranges);
  } else {
    affected.unclear.emplace_back("a version range that is not understood");
  }
  return affected;
}

// What only is to be known of a crate is no flaw of it; what is unsound is one.
bool is_no_flaw(std::string_view informational) {
  return !informational.empty() && informational != "unsound";
}

Result<FeedRecord> read(const toml::table& document, std::string_view heading) {
  const auto head = document["advisory"];
  FeedRecord record;
  Advisory advisory;
  advisory.id = head["id"].value_or("");
  if (advisory.id.empty()) return Error{Errc::malformed, "advisory.id: want an id"};
  const std::string package = head["package"].value_or("");
  if (package.empty()) return Error{Errc::malformed, advisory.id + ": advisory.package: want a name"};
  const auto aliases = texts_of(head["aliases"]);
  if (!aliases) return Error{Errc::malformed, advisory.id + ": advisory.aliases: want a list of texts"};
  record.id = advisory.id;
  record.withdrawn = static_cast<bool>(head["withdrawn"]);
  if (record.withdrawn) record.skipped.emplace_back("withdrawn");
  if (is_no_flaw(head["informational"].value_or(std::string_view()))) {
    record.skipped.emplace_back("information that is no vulnerability");
    return record;
  }
  advisory.aliases.assign(aliases->begin(), aliases->end());
  advisory.published = date_of(head["date"]);
  advisory.summary = first_line(heading);
  CvssRating rating;
  if (const auto vector = head["cvss"].value<std::string_view>()) rating.add(*vector);
  record.notes.insert(record.notes.end(), rating.unreadable(), "a CVSS vector that cannot be parsed");
  advisory.cvss = rating.score();
  if (advisory.cvss >= 0) advisory.severity = severity_of_score(advisory.cvss);
  advisory.affected.push_back(affected_of(document, package));
  record.advisories.push_back(std::move(advisory));
  return record;
}

}  // namespace

Result<void> parse_rustsec(std::string_view markdown, const RecordSink& sink) {
  if (markdown.size() > kMaxAdvisoryBytes)
    return Error{Errc::over_limit, "larger than the limit of " + std::to_string(kMaxAdvisoryBytes) + " bytes"};
  const auto parts = parts_of(markdown);
  if (!parts) return Error{Errc::malformed, "1: want ```toml, and ``` behind it"};
  try {
    const toml::table document = toml::parse(parts->toml);
    auto record = read(document, parts->heading);
    if (!record) return record.error();
    sink(std::move(*record));
    return {};
  } catch (const toml::parse_error& e) {
    return Error{Errc::malformed,
                 std::to_string(e.source().begin.line + 1) + ": not TOML: " + std::string(e.description())};
  }
}

}  // namespace initscan
