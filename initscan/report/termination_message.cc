#include "common/text/visible.h"
#include "initscan/report/report.h"
#include "initscan/report/text.h"

#include <algorithm>
#include <string>
#include <vector>

namespace initscan {
namespace {

struct Blocking {
  const Finding* finding;
  const ImageVerdict* image;
};

std::vector<Blocking> worst_first(const Verdict& verdict) {
  std::vector<Blocking> all;
  for (int s = static_cast<int>(Severity::critical); s >= 0; --s) {
    for (const ImageVerdict& image : verdict.images) {
      for (const JudgedFinding& judged : image.findings) {
        if (judged.status == Status::blocks && judged.finding.severity == static_cast<Severity>(s)) {
          all.push_back({&judged.finding, &image});
        }
      }
    }
  }
  return all;
}

std::string line_of(const Blocking& blocking, bool name_image) {
  const Finding& f = *blocking.finding;
  std::string line = visible(f.id) + ' ' + visible(f.package.name) + ' ' + visible(f.package.version);
  line += f.fixed.empty() ? ", no fix" : " -> " + visible(f.fixed);
  line += " (" + std::string(to_string(f.severity)) + ')';
  if (name_image) line += " in " + visible(blocking.image->image);
  return line;
}

// Adds lines while they fit and leaves room for the count of those that do not, and of `uncounted` others.
void append_lines(std::string& message, const std::vector<std::string>& lines, std::size_t uncounted) {
  constexpr std::size_t kRoomForCount = 32;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (message.size() + lines[i].size() + 1 + kRoomForCount > kMaxTerminationMessageBytes) {
      message += "... and " + std::to_string(lines.size() - i + uncounted) + " more\n";
      return;
    }
    message += lines[i] + '\n';
  }
  if (uncounted > 0) message += "... and " + std::to_string(uncounted) + " more\n";
}

// The first line has to fit whatever an image's names are: the cut falls between characters.
std::string shortened(std::string line) {
  constexpr std::size_t kMaxLineBytes = 1024;
  if (line.size() <= kMaxLineBytes) return line;
  std::size_t cut = kMaxLineBytes;
  while ((static_cast<unsigned char>(line[cut]) & 0xc0) == 0x80) --cut;
  return line.substr(0, cut) + "...";
}

std::string of_policy(const Verdict& verdict) {
  const std::string mildness = verdict.enforcement == Enforcement::report ? " (reported only)" : "";
  return mildness + " of policy \"" + visible(verdict.policy_name) + "\": ";
}

}  // namespace

std::string termination_message(const Verdict& verdict) {
  const bool name_image = verdict.images.size() > 1;
  std::vector<std::string> blocking;
  for (const Blocking& b : worst_first(verdict)) blocking.push_back(shortened(line_of(b, name_image)));

  std::vector<std::string> gaps;
  std::vector<std::string> warnings;
  std::size_t packages = 0;
  std::size_t findings = 0;
  std::size_t blocking_total = 0;
  for (const ImageVerdict& image : verdict.images) {
    packages += image.packages;
    findings += image.findings_total;
    blocking_total += image.findings_blocking;
    const std::string place = name_image ? visible(image.image) + ": " : "";
    for (const std::string& gap : image.undecided) gaps.push_back(shortened("cannot decide: " + place + visible(gap)));
    for (const std::string& text : image.warnings) warnings.push_back(shortened("warning: " + place + visible(text)));
  }
  for (const std::string& warning : verdict.warnings) warnings.push_back(shortened("warning: " + visible(warning)));

  std::vector<std::string> lines;
  std::string first = "initscan: ";
  switch (verdict.outcome) {
    case Outcome::fail:
      first += "FAIL " + std::to_string(blocking_total) + of_policy(verdict) + blocking.front();
      lines.assign(blocking.begin() + 1, blocking.end());
      lines.insert(lines.end(), gaps.begin(), gaps.end());
      break;
    case Outcome::undecided:
      first += "UNDECIDED" + of_policy(verdict) + (gaps.empty() ? "no image was scanned" : gaps.front());
      if (!gaps.empty()) lines.assign(gaps.begin() + 1, gaps.end());
      break;
    case Outcome::pass:
      first += "PASS" + of_policy(verdict) + counted(verdict.images.size(), "image", "images") + ", " +
               counted(packages, "package", "packages") + ", " + counted(findings, "finding", "findings") +
               ", none blocking";
      break;
  }
  lines.insert(lines.end(), warnings.begin(), warnings.end());
  std::string message = shortened(std::move(first)) + '\n';
  append_lines(message, lines, blocking_total - std::min(blocking_total, blocking.size()));
  return message;
}

}  // namespace initscan
