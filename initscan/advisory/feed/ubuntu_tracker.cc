#include "common/text/ascii.h"
#include "common/text/lines.h"
#include "common/text/trim.h"
#include "initscan/advisory/feed/cvss.h"
#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/feed/matched_ecosystem.h"
#include "initscan/advisory/feed/severity_words.h"
#include "initscan/advisory/feed/vulnerability_names.h"
#include "initscan/model/ecosystems.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace initscan {
namespace {

constexpr std::size_t kMaxStatements = 100'000;  // of one file

// Which release a line is about: "xenial", "esm-infra/xenial", "trusty/esm".
struct Place {
  std::string release;  // its number; "" where it is none that has one: "upstream", "devel"
  std::string flavour;
};

std::string ecosystem_of(const std::string& release) {
  const std::string name = "Ubuntu:" + release;
  const auto matched = matched_ecosystem(name);
  return matched ? matched->name : name;
}

std::optional<std::string> flavour_of(std::string_view word) {
  if (word.empty()) return "";
  if (word.find("esm") != word.npos) return "esm";
  if (word.starts_with("fips")) return "fips";
  if (word == "realtime") return "pro";
  return std::nullopt;
}

// nullopt for a product whose packages are of no release alone: "bluefield/jammy".
std::optional<Place> place_of(std::string_view text) {
  const Distribution& distribution = *find_distribution("ubuntu");
  const std::size_t slash = text.find('/');
  std::string_view codename = text.substr(0, slash);
  std::string_view product = slash == text.npos ? std::string_view() : text.substr(slash + 1);
  if (!product.empty() && number_of_codename(distribution, codename).empty()) std::swap(codename, product);
  const auto flavour = flavour_of(product);
  if (!flavour) return std::nullopt;
  return Place{std::string(number_of_codename(distribution, codename)), *flavour};
}

// "released (1.2-3ubuntu1)": a word, and what stands in parentheses.
struct Status {
  std::string_view word;
  std::string_view detail;
};

Status status_of(std::string_view text) {
  Status status{text.substr(0, text.find_first_of(" (")), {}};
  const std::size_t open = text.find('(');
  const std::size_t close = text.rfind(')');
  if (open != text.npos && close != text.npos && open < close)
    status.detail = trimmed(text.substr(open + 1, close - open - 1));
  return status;
}

// Why nothing is done: "end of life", "end of standard support, was needed", or that it is of no matter.
AdvisoryStatus ignored(std::string_view detail) {
  const bool is_old = detail.find("end of") != detail.npos || detail.find("out of") != detail.npos ||
                      detail.find("end-of-life") != detail.npos;
  return is_old ? AdvisoryStatus::end_of_life : AdvisoryStatus::will_not_fix;
}

void read_status(const Status& status, AffectedPackage& affected) {
  const auto say = [&](AdvisoryStatus what) {
    affected.status = what;
    affected.ranges.push_back({});
  };
  if (status.word == "released") {
    if (status.detail.empty() || is_word_for_version(status.detail)) {
      affected.unclear.emplace_back("the version of its fix is not given");
    } else {
      affected.ranges.push_back({"", std::string(status.detail), ""});
    }
  } else if (status.word == "not-affected") {
    say(AdvisoryStatus::not_affected);
  } else if (status.word == "needed" || status.word == "pending" || status.word == "in-progress" ||
             status.word == "active") {
    say(AdvisoryStatus::affected);  // a version that is pending is in no archive yet
  } else if (status.word == "needs-triage") {
    say(AdvisoryStatus::under_investigation);
  } else if (status.word == "deferred") {
    say(AdvisoryStatus::deferred);
  } else if (status.word == "ignored") {
    say(ignored(status.detail));
  } else {
    affected.unclear.emplace_back("a status that is not known");
  }
}

// One file while its lines are read.
class Reading {
 public:
  Result<void> read_line(std::string_view line) {
    const bool goes_on = !line.empty() && (line.front() == ' ' || line.front() == '\t');
    if (goes_on) {
      if (section_ == "CVSS") read_vector(trimmed(line));
      return {};
    }
    if (trimmed(line).empty() || line.front() == '#') return {};
    const std::size_t colon = line.find(':');
    if (colon == line.npos) return Error{Errc::malformed, "want KEY: VALUE"};
    section_ = line.substr(0, colon);
    read_field(section_, trimmed(line.substr(colon + 1)));
    if (advisory_.affected.size() <= kMaxStatements) return {};
    return Error{Errc::over_limit, "more than " + std::to_string(kMaxStatements) + " statements"};
  }

  Result<FeedRecord> finish() {
    if (advisory_.id.empty()) return Error{Errc::malformed, "no Candidate: want the id of a vulnerability"};
    advisory_.cvss = rating_.score();
    if (advisory_.severity == Severity::unknown && advisory_.cvss >= 0)
      advisory_.severity = severity_of_score(advisory_.cvss);
    for (AffectedPackage& affected : advisory_.affected) {
      const auto own = priorities_.find(affected.name);
      if (own != priorities_.end()) affected.severity = own->second;
    }
    record_.notes.insert(record_.notes.end(), rating_.unreadable(), "a CVSS vector that cannot be parsed");
    record_.id = advisory_.id;
    record_.advisories.push_back(std::move(advisory_));
    return std::move(record_);
  }

 private:
  void read_field(std::string_view key, std::string_view value) {
    constexpr std::string_view kPriorityOf = "Priority_";
    if (key == "Candidate") {
      advisory_.id = value;
    } else if (key == "PublicDate") {
      read_date(value);
    } else if (key == "Priority") {
      advisory_.severity = severity_of_word(value.substr(0, value.find(' ')));
    } else if (key.starts_with(kPriorityOf)) {
      priorities_[std::string(key.substr(kPriorityOf.size()))] = severity_of_word(value.substr(0, value.find(' ')));
    } else if (is_statement(key)) {
      read_statement(key, value);
    }
  }

  // "xenial_wayland", of all keys the ones in lower case; "Patches_wayland" and "Tags_wayland" are others.
  static bool is_statement(std::string_view key) { return is_lower(key.front()) && key.find('_') != key.npos; }

  void read_statement(std::string_view key, std::string_view value) {
    const std::size_t mark = key.find('_');
    const auto place = place_of(key.substr(0, mark));
    const Status status = status_of(value);
    if (!place) return skip("a product that is not known");
    if (place->release.empty()) return skip("a release without a number");
    if (status.word == "DNE") return skip("not in that release");
    AffectedPackage affected;
    affected.ecosystem = ecosystem_of(place->release);
    affected.name = key.substr(mark + 1);
    affected.scope.flavour = place->flavour;
    read_status(status, affected);
    advisory_.affected.push_back(std::move(affected));
  }

  void skip(const char* why) { record_.skipped.emplace_back(why); }

  // "2012-12-04", "2012-12-04 14:55:00 UTC"
  void read_date(std::string_view value) {
    constexpr std::size_t kDay = 10;
    if (value.size() >= kDay && std::all_of(value.begin(), value.begin() + 4, is_digit))
      advisory_.published = std::string(value.substr(0, kDay)) + "T00:00:00Z";
  }

  // "nvd: CVSS:3.1/AV:N/... [9.8 CRITICAL]"
  void read_vector(std::string_view line) {
    const std::size_t vector = line.find("CVSS:");
    if (vector == line.npos) return;
    const std::string_view rest = line.substr(vector);
    rating_.add(rest.substr(0, rest.find_first_of(" [")));
  }

  FeedRecord record_;
  Advisory advisory_;
  CvssRating rating_;
  std::map<std::string, Severity> priorities_;  // of packages that have one of their own
  std::string section_;
};

}  // namespace

Result<void> parse_ubuntu_tracker(std::string_view text, const RecordSink& sink) {
  Reading reading;
  for (std::size_t number = 1; !text.empty(); ++number) {
    if (auto done = reading.read_line(take_line(text)); !done)
      return std::move(done).error().within(std::to_string(number));
  }
  auto record = reading.finish();
  if (!record) return record.error();
  sink(std::move(*record));
  return {};
}

}  // namespace initscan
