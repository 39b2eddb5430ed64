#include "common/text/cut.h"
#include "common/text/visible.h"
#include "initscan/report/report.h"
#include "initscan/report/text.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <tuple>
#include <vector>

namespace initscan {
namespace {

struct Blocking {
  const Finding* finding;
  const ImageVerdict* image;
};

// Malware first, then what is exploited. Those of an image are in order.
std::vector<Blocking> worst_first(const Verdict& verdict) {
  std::vector<Blocking> all;
  for (const ImageVerdict& image : verdict.images) {
    for (const JudgedFinding& judged : image.findings) {
      if (judged.status == Status::blocks) all.push_back({&judged.finding, &image});
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Blocking& a, const Blocking& b) {
    return std::tuple(a.finding->is_malicious, a.finding->is_known_exploited(), a.finding->severity) >
           std::tuple(b.finding->is_malicious, b.finding->is_known_exploited(), b.finding->severity);
  });
  return all;
}

std::string line_of(const Blocking& blocking, bool name_image) {
  const Finding& f = *blocking.finding;
  std::string line = visible(f.id) + ' ' + visible(f.package.name) + ' ' + visible(f.package.version);
  const bool is_fixed = !f.fixed.empty() && !f.is_malicious;
  line += is_fixed ? " -> " + visible(f.fixed) : ", " + std::string(instead_of_fix(f));
  line += " (" + std::string(to_string(f.severity));
  if (const std::string words = words_of(f.exploitation); !words.empty()) line += ", " + words;
  line += ')';
  if (name_image) line += " in " + visible(blocking.image->image);
  return line;
}

// Adds lines while they fit into `room` and leaves some for the count of those that do not, and of `uncounted` others.
void append_lines(std::string& message, const std::vector<std::string>& lines, std::size_t uncounted,
                  std::size_t room) {
  constexpr std::size_t kRoomForCount = 32;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (message.size() + lines[i].size() + 1 + kRoomForCount > room) {
      message += "... and " + std::to_string(lines.size() - i + uncounted) + " more\n";
      return;
    }
    message += lines[i] + '\n';
  }
  if (uncounted > 0) message += "... and " + std::to_string(uncounted) + " more\n";
}

constexpr std::size_t kMaxLineBytes = 1024;

std::string cut_after(const std::string& text, std::size_t most) {
  return std::string(cut(text, most)) + "...";
}

// The first line has to fit whatever an image's names are.
std::string shortened(const std::string& line) {
  return line.size() <= kMaxLineBytes ? line : cut_after(line, kMaxLineBytes);
}

// What is left where not even the first line fits: the kubelet would cut in the middle of a character.
std::string fitted(std::string message, std::size_t room) {
  constexpr std::string_view kMore = "...\n";
  if (message.size() <= room) return message;
  return room < kMore.size() ? std::string() : cut_after(message, room - kMore.size()) + '\n';
}

// A reason's id stands whatever its sentence is: one that is too long is cut before it.
std::string line_of(std::string_view head, const std::string& place, const Reason& reason) {
  return with_id(shortened(std::string(head) + place + visible(reason.sentence)), reason.id);
}

// "help: initscan help ID explains blocks, no-data": the ids of what the message says, those that it has no room for,
// too. "" where there is none.
class Ids {
 public:
  void add(std::string_view id) {
    if (std::find(ids_.begin(), ids_.end(), id) == ids_.end()) ids_.push_back(id);
  }

  std::string line() const {
    std::string line;
    for (const std::string_view id : ids_) line += (line.empty() ? "" : ", ") + std::string(id);
    return line.empty() ? line : "help: `initscan help ID` explains " + line + '\n';
  }

 private:
  std::vector<std::string_view> ids_;  // in the order of the message
};

std::string of_policy(const Verdict& verdict) {
  const std::string mildness = verdict.enforcement == Enforcement::report ? " (reported only)" : "";
  return mildness + " of policy \"" + visible(verdict.policy_name) + "\": ";
}

// What a message is made of.
struct Lines {
  std::vector<std::string> blocking;
  std::vector<std::string> gaps;
  std::vector<std::string> warnings;
  Ids ids;
};

void append(const std::vector<Reason>& reasons, std::string_view head, const std::string& place,
            std::vector<std::string>& lines, Ids& ids) {
  for (const Reason& reason : reasons) {
    lines.push_back(line_of(head, place, reason));
    ids.add(to_string(reason.id));
  }
}

Lines lines_of(const Verdict& verdict) {
  const bool name_image = verdict.images.size() > 1;
  Lines lines;
  for (const Blocking& b : worst_first(verdict)) lines.blocking.push_back(shortened(line_of(b, name_image)));
  if (!lines.blocking.empty()) lines.ids.add(to_string(Status::blocks));

  const auto place_of = [&](const ImageVerdict& image) { return name_image ? visible(image.image) + ": " : ""; };
  for (const ImageVerdict& image : verdict.images) {
    append(image.undecided, "cannot decide: ", place_of(image), lines.gaps, lines.ids);
  }
  if (verdict.outcome == Outcome::undecided && lines.gaps.empty()) {
    append({{ReasonId::no_image, "no image was scanned"}}, "cannot decide: ", "", lines.gaps, lines.ids);
  }
  for (const ImageVerdict& image : verdict.images) {
    append(image.warnings, "warning: ", place_of(image), lines.warnings, lines.ids);
  }
  append(verdict.warnings, "warning: ", "", lines.warnings, lines.ids);
  return lines;
}

std::string counts_of(const Verdict& verdict) {
  std::size_t packages = 0;
  std::size_t findings = 0;
  for (const ImageVerdict& image : verdict.images) {
    packages += image.packages;
    findings += image.findings_total;
  }
  return counted(verdict.images.size(), "image", "images") + ", " + counted(packages, "package", "packages") + ", " +
         counted(findings, "finding", "findings") + ", none blocking";
}

// Takes off the first.
std::string take_first(std::vector<std::string>& lines) {
  std::string first = std::move(lines.front());
  lines.erase(lines.begin());
  return first;
}

}  // namespace

std::string termination_message(const Verdict& verdict, std::size_t room) {
  std::size_t blocking = 0;
  for (const ImageVerdict& image : verdict.images) blocking += image.findings_blocking;
  Lines lines = lines_of(verdict);
  const std::size_t not_kept = blocking - std::min(blocking, lines.blocking.size());

  std::string head = "initscan: ";
  std::string rest;
  switch (verdict.outcome) {
    case Outcome::fail:
      head += "FAIL " + std::to_string(blocking);
      rest = take_first(lines.blocking);
      break;
    case Outcome::undecided:
      head += "UNDECIDED";
      rest = take_first(lines.gaps);
      break;
    case Outcome::pass:
      head += "PASS";
      rest = counts_of(verdict);
      break;
  }
  std::vector<std::string> all = std::move(lines.blocking);
  for (auto* const more : {&lines.gaps, &lines.warnings})
    std::move(more->begin(), more->end(), std::back_inserter(all));
  const std::string help = lines.ids.line();
  std::string message = shortened(head + of_policy(verdict)) + rest + '\n';
  append_lines(message, all, not_kept, room - std::min(room, help.size()));
  return fitted(message + help, room);
}

}  // namespace initscan
