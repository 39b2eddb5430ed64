#include "common/crypto/sha256.h"
#include "common/text/lines.h"
#include "common/text/trim.h"
#include "initscan/advisory/feed/debian_statement.h"
#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/feed/severity_words.h"
#include "initscan/model/ecosystems.h"

#include <algorithm>
#include <optional>
#include <utility>

// The grammar, by lines:
//
//   CVE-2024-1 (a description, mostly cut off ...)
//           RESERVED, REJECTED, NOT-FOR-US: what it is about, NOTE: or TODO: words
//           {DSA-1-1 DLA-2-1}               announcements, which the other lists hold
//           - openssl 3.0.11-1 (low)        unstable: the version that repairs it, or a tag
//           [bookworm] - openssl <no-dsa>   one release
//
// What is said of unstable holds in each release that has no line of its own, in this list or in an announcement: a
// version of that release that is as new has the repair, too.
namespace initscan {
namespace {

constexpr std::size_t kMaxStatements = 10'000;  // of one vulnerability

struct Statement {
  DebianStatement said;
  Severity severity = Severity::unknown;
};

// "unimportant; bug #123"
Severity severity_in(std::string_view remark) {
  while (!remark.empty()) {
    const std::string_view word = trimmed(remark.substr(0, remark.find_first_of(";,")));
    if (const Severity severity = severity_of_word(word); severity != Severity::unknown) return severity;
    remark.remove_prefix(std::min(remark.size(), remark.find_first_of(";,")));
    remark.remove_prefix(std::min<std::size_t>(remark.size(), 1));
  }
  return Severity::unknown;
}

AffectedPackage affected_of(const Statement& statement, const DistributionRelease& release) {
  AffectedPackage affected;
  affected.ecosystem = "Debian:" + std::string(release.number);
  affected.name = statement.said.package;
  affected.severity = statement.severity;
  affected.yields = statement.said.codename.empty();
  read_debian_version(statement.said.version, affected);
  return affected;
}

// One vulnerability while its lines are read.
class Entry {
 public:
  /// "CVE-2024-1 (words)"; "CVE-2024-XXXX [words]" of one that has no number yet.
  explicit Entry(std::string_view heading) {
    id_ = take_debian_word(heading);
    const std::string_view words = trimmed(heading);
    const bool is_closed = words.size() > 1 && (words.ends_with(')') || words.ends_with(']'));
    summary_ =
        words.substr(words.empty() ? 0 : 1, words.size() - (is_closed ? 2 : std::min<std::size_t>(1, words.size())));
    // Many are called so, and are told apart by what they are.
    constexpr std::size_t kDigits = 8;
    if (id_.ends_with("-XXXX")) {
      id_ = "DEBIAN" + id_.substr(3, id_.size() - 7) + sha256_hex(summary_).substr(0, kDigits);
    }
  }

  /// Errors: over_limit.
  Result<void> read(std::string_view line) {
    if (const auto said = debian_statement_in(line)) return add(*said);
    if (line == "REJECTED") {
      is_rejected_ = true;
    } else if (line == "RESERVED") {
      why_nothing_ = "a number that is reserved";
    } else if (line.starts_with("NOT-FOR-US")) {
      why_nothing_ = "of software that Debian does not have";
    } else if (!line.starts_with('{') && !line.starts_with("NOTE:") && !line.starts_with("TODO:")) {
      skipped_.emplace_back("a line that is not understood");
    }
    return {};
  }

  FeedRecord record() const {
    FeedRecord record;
    record.withdrawn = is_rejected_;
    record.skipped = skipped_;
    Advisory advisory;
    advisory.id = id_;
    advisory.summary = first_line(summary_);
    for (const Statement& statement : statements_) add_to(advisory, statement, record);
    if (advisory.affected.empty()) {
      if (record.skipped.empty()) record.skipped.emplace_back(why_nothing_);
      return record;
    }
    record.advisories.push_back(std::move(advisory));
    return record;
  }

 private:
  Result<void> add(const DebianStatement& said) {
    if (said.package.empty()) return skipped_.emplace_back("no package"), Result<void>();
    if (said.version == "<itp>") {
      return skipped_.emplace_back("a package that Debian does not have yet"), Result<void>();
    }
    if (statements_.size() == kMaxStatements) {
      return Error{Errc::over_limit, id_ + ": more than " + std::to_string(kMaxStatements) + " statements"};
    }
    statements_.push_back({said, severity_in(said.remark)});
    return {};
  }

  void add_to(Advisory& advisory, Statement statement, FeedRecord& record) const {
    if (statement.severity == Severity::unknown) statement.severity = severity_for(statement.said.package);
    const Distribution& debian = *find_distribution("debian");
    bool is_of_release = false;
    for (const DistributionRelease& release : debian.releases) {
      if (!statement.said.codename.empty() && statement.said.codename != release.codename) continue;
      advisory.affected.push_back(affected_of(statement, release));
      is_of_release = true;
    }
    if (!is_of_release) record.skipped.emplace_back("a release without a number");
  }

  // How severe it is stands where unstable is spoken of, and holds for the package's releases.
  Severity severity_for(std::string_view package) const {
    Severity severity = Severity::unknown;
    for (const Statement& other : statements_) {
      if (other.said.codename.empty() && other.said.package == package) severity = std::max(severity, other.severity);
    }
    return severity;
  }

  std::string id_;
  std::string summary_;
  std::string why_nothing_ = "no package version";
  std::vector<Statement> statements_;  // over the text
  std::vector<std::string> skipped_;
  bool is_rejected_ = false;
};

}  // namespace

Result<void> parse_debian_cve_list(std::string_view text, const RecordSink& sink) {
  std::optional<Entry> entry;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (trimmed(line).empty()) continue;
    const bool is_detail = line.front() == ' ' || line.front() == '\t';
    if (is_detail && !entry) return Error{Errc::malformed, std::to_string(number) + ": a detail before the first CVE"};
    if (is_detail) {
      if (auto read = entry->read(trimmed(line)); !read) return Error(read.error()).within(std::to_string(number));
      continue;
    }
    if (!line.starts_with("CVE-")) return Error{Errc::malformed, std::to_string(number) + ": want a CVE or a detail"};
    if (entry) sink(entry->record());
    entry.emplace(line);
  }
  if (entry) sink(entry->record());
  return {};
}

Result<void> parse_debian_tracker(std::string_view text, const RecordSink& sink) {
  const bool is_of_vulnerabilities = trimmed(text.substr(0, text.find_first_not_of(kBlanks) + 4)) == "CVE-";
  return is_of_vulnerabilities ? parse_debian_cve_list(text, sink) : parse_debian_list(text, sink);
}

}  // namespace initscan
