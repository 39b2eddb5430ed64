#include "common/text/ascii.h"
#include "common/text/lines.h"
#include "common/text/trim.h"
#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/feed/joined_statements.h"
#include "initscan/advisory/feed/rpm_component.h"
#include "initscan/advisory/feed/rpm_release.h"
#include "initscan/advisory/feed/severity_words.h"
#include "initscan/advisory/feed/vulnerability_names.h"

#include <algorithm>
#include <utility>

namespace initscan {
namespace {

constexpr std::size_t kMaxPageBytes = 8 << 20;
constexpr std::size_t kMaxBuilds = 100'000;

// "b" of "<b>" and of "</b>"
std::string_view element_of(std::string_view tag) {
  tag.remove_prefix(tag.starts_with("</") ? 2 : 1);
  return tag.substr(0, tag.find_first_of(" \t\n/>"));
}

bool is_within_a_line(std::string_view tag) {
  constexpr std::string_view kNames[] = {"a", "b", "i", "span"};
  return std::find(std::begin(kNames), std::end(kNames), element_of(tag)) != std::end(kNames);
}

// The words of a page, by lines: pages are no XML, and of HTML nothing more is needed.
std::string text_of(std::string_view html) {
  constexpr std::string_view kSpace = "&nbsp;";
  std::string text;
  while (!html.empty()) {
    if (html.front() == '<') {
      const std::string_view tag = html.substr(0, html.find('>'));
      html.remove_prefix(std::min(tag.size() + 1, html.size()));
      if (!is_within_a_line(tag)) text += '\n';
    } else if (html.starts_with(kSpace)) {
      html.remove_prefix(kSpace.size());
      text += ' ';
    } else {
      text += html.front();
      html.remove_prefix(1);
    }
  }
  return text;
}

// One page while its lines are read. A heading says what the lines below it are.
class Page {
 public:
  Result<void> read_line(std::string_view line) {
    constexpr std::string_view kHeadings[] = {
        "Severity:",         "References:",   "Issue Overview:",      "Affected Packages:",
        "Issue Correction:", "New Packages:", "Additional References"};
    const auto* const heading = std::find(std::begin(kHeadings), std::end(kHeadings), line);
    if (heading != std::end(kHeadings)) {
      section_ = *heading;
    } else if (section_.empty()) {
      read_head(line);
    } else if (section_ == "Severity:" && advisory_.severity == Severity::unknown) {
      advisory_.severity = severity_of_word(line);
    } else if (section_ == "References:" && is_cve(line)) {
      advisory_.upstream.emplace_back(line);
    } else if (section_ == "New Packages:") {
      return read_build(line);
    }
    return {};
  }

  Result<FeedRecord> finish() {
    if (advisory_.id.empty())
      return Error{Errc::malformed, "want a heading such as \"Security Advisory: ALAS-2023-1\""};
    if (builds_ == 0) return Error{Errc::malformed, advisory_.id + ": New Packages: want builds"};
    record_.id = release_ + ' ' + advisory_.id;  // releases count their advisories alike
    advisory_.affected = statements_.take();
    if (advisory_.upstream.empty()) {
      record_.skipped.emplace_back("an update that fixes no vulnerability");
    } else {
      record_.advisories.push_back(std::move(advisory_));
    }
    return std::move(record_);
  }

 private:
  // "Amazon Linux 2023 Security Advisory: ALAS-2023-126", "Advisory Release Date: 2023-03-07 00:29 Pacific"
  void read_head(std::string_view line) {
    constexpr std::string_view kAdvisory = "Security Advisory: ";
    constexpr std::string_view kReleased = "Advisory Release Date: ";
    constexpr std::string_view kUpdated = "Advisory Updated Date: ";
    if (const std::size_t place = line.find(kAdvisory); place != line.npos) {
      advisory_.id = trimmed(line.substr(place + kAdvisory.size()));
      release_ = trimmed(line.substr(0, place));
    }
    if (line.starts_with(kReleased)) advisory_.published = date_of(line.substr(kReleased.size()));
    if (line.starts_with(kUpdated)) record_.modified = date_of(line.substr(kUpdated.size()));
  }

  // The day: which hour it is where the page was written does not matter.
  static std::string date_of(std::string_view text) {
    constexpr std::size_t kDay = 10;
    const bool is_day = text.size() >= kDay &&
                        std::all_of(text.begin(), text.begin() + kDay, [](char c) { return is_digit(c) || c == '-'; });
    return is_day ? std::string(text.substr(0, kDay)) + "T00:00:00Z" : std::string();
  }

  // "kernel-4.9.76-38.79.amzn2.x86_64"; a line such as "x86_64:" says what stands at the end of the next ones.
  Result<void> read_build(std::string_view line) {
    if (line.ends_with(':')) return {};
    if (++builds_ > kMaxBuilds) return Error{Errc::over_limit, "more than " + std::to_string(kMaxBuilds) + " builds"};
    const auto build = rpm_of_nevra(line);
    AffectedPackage affected;
    affected.ecosystem = build ? ecosystem_of_build(build->version) : "";
    if (affected.ecosystem.empty()) {
      record_.skipped.emplace_back("a build for no release that is known");
      return {};
    }
    affected.name = build->name;
    affected.ranges.push_back({"", build->version, ""});
    affected.scope.architectures = {build->architecture};
    if (!statements_.add(std::move(affected))) record_.skipped.emplace_back("one more architecture of a package");
    return {};
  }

  FeedRecord record_;
  Advisory advisory_;
  JoinedStatements statements_;
  std::size_t builds_ = 0;
  std::string_view section_;
  std::string release_;
};

}  // namespace

Result<void> parse_amazon_page(std::string_view html, const RecordSink& sink) {
  if (html.size() > kMaxPageBytes)
    return Error{Errc::over_limit, "larger than the limit of " + std::to_string(kMaxPageBytes) + " bytes"};
  const std::string text = text_of(html);
  Page page;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = trimmed(take_line(rest));
    if (line.empty()) continue;
    if (auto done = page.read_line(line); !done) return done;
  }
  auto record = page.finish();
  if (!record) return record.error();
  sink(std::move(*record));
  return {};
}

}  // namespace initscan
