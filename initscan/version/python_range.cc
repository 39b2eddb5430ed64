#include "initscan/version/python_version.h"
#include "initscan/version/range_words.h"
#include "initscan/version/written_range.h"

namespace initscan {
namespace {

constexpr std::string_view kPreWords[] = {"a", "b", "rc"};
constexpr std::string_view kFirst = ".dev0";  // of all that have the release in front of it

std::string number_of(const PythonStage& stage) {
  return stage.number.empty() ? "0" : std::string(stage.number);
}

std::string release_of(const PythonVersion& version) {
  return (version.epoch.empty() ? "" : std::string(version.epoch) + '!') + std::string(version.release);
}

// The first version behind this one and its local versions.
std::string behind(const PythonVersion& version) {
  std::string text = release_of(version);
  if (version.pre.is_there()) text.append(kPreWords[version.pre.word]).append(number_of(version.pre));
  if (version.dev.is_there()) {
    if (version.post.is_there()) text += ".post" + number_of(version.post);
    return text + ".dev" + incremented(number_of(version.dev));
  }
  if (version.post.is_there()) return text + ".post" + incremented(number_of(version.post)) + std::string(kFirst);
  return text + ".post0" + std::string(kFirst);
}

// The first version behind all that begin with the release: "1.5.dev0" of 1.4.
std::string behind_release(const std::string& release) {
  const std::size_t last = release.find_last_of(".!");
  const std::size_t begin = last == release.npos ? 0 : last + 1;
  return release.substr(0, begin) + incremented(std::string_view(release).substr(begin)) + std::string(kFirst);
}

std::optional<Interval> read_prefix(std::string_view text) {
  const auto version = read_python_version(text);
  if (!version || version->pre.is_there() || version->post.is_there() || version->dev.is_there() ||
      !version->local.empty()) {
    return std::nullopt;
  }
  const std::string release = release_of(*version);
  return Interval{Bound{release + std::string(kFirst)}, Bound{behind_release(release), false}};
}

std::optional<Interval> read_equal(std::string_view text) {
  constexpr std::string_view kAny = ".*";
  if (text.ends_with(kAny)) return read_prefix(text.substr(0, text.size() - kAny.size()));
  const auto version = read_python_version(text);
  if (!version) return std::nullopt;
  const std::string own(text);
  if (!version->local.empty()) return Interval{Bound{own}, Bound{own}};
  return Interval{Bound{own}, Bound{behind(*version), false}};
}

// From the version on, and before the release behind the one without its last number.
std::optional<Interval> read_compatible(std::string_view text, const PythonVersion& version) {
  std::string release = release_of(version);
  const std::size_t last = release.rfind('.');
  if (last == release.npos) return std::nullopt;
  release.resize(last);
  return Interval{Bound{std::string(text)}, Bound{behind_release(release), false}};
}

// Which keeps out the prereleases of the version.
std::optional<Interval> read_before(std::string_view text, const PythonVersion& version) {
  if (version.pre.is_there() || version.dev.is_there()) return Interval{std::nullopt, Bound{std::string(text), false}};
  if (version.post.is_there()) return std::nullopt;  // and keeps them out from between others here
  return Interval{std::nullopt, Bound{release_of(version) + std::string(kFirst), false}};
}

std::optional<Intervals> read_specifier(std::string_view text) {
  const std::string_view op = take_operator(text);
  if (op == "==" || op == "!=") {
    const auto interval = read_equal(text);
    if (!interval) return std::nullopt;
    return op == "==" ? Intervals{*interval} : all_but(*interval);
  }
  const auto version = read_python_version(text);
  if (!version || !version->local.empty()) return std::nullopt;
  std::optional<Interval> interval;
  if (op == ">=") interval = Interval{Bound{std::string(text)}, std::nullopt};
  if (op == "<=") interval = Interval{std::nullopt, Bound{behind(*version), false}};
  if (op == "<") interval = read_before(text, *version);
  if (op == "~=") interval = read_compatible(text, *version);
  return interval ? std::optional(Intervals{*interval}) : std::nullopt;
}

}  // namespace

std::optional<Intervals> read_python_range(std::string_view text) {
  std::optional<Intervals> found = Intervals{Interval{}};
  if (text.empty()) return found;
  for (const std::string_view part : parts_between(text, ",")) {
    const auto specifier = read_specifier(part);
    found = specifier ? intersect(VersionOrder::python, *found, *specifier) : std::nullopt;
    if (!found) return std::nullopt;
  }
  return found;
}

}  // namespace initscan
