#include "audit/collect/yaml_splitter.h"

#include <algorithm>

namespace initscan::audit {
namespace {

// "---" or "..." at the start of a line, alone or before white space.
bool is_marker(std::string_view line) {
  if (!line.starts_with("---") && !line.starts_with("...")) return false;
  return line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r' || line[3] == '\n';
}

bool is_content(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r\n");
  return first != line.npos && line[first] != '#' && line[0] != '%';
}

}  // namespace

void YamlSplitter::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view part = bytes.substr(0, end == bytes.npos ? end : end + 1);
    bytes.remove_prefix(part.size());
    if (line_.size() < kMaxYamlDocumentBytes) line_.append(part);
    if (line_.size() >= kMaxYamlDocumentBytes) is_too_large_ = true;
    if (!part.ends_with('\n')) continue;
    take_line(line_);
    line_.clear();
  }
}

void YamlSplitter::finish() {
  if (!line_.empty()) take_line(line_);
  line_.clear();
  end_document();
}

void YamlSplitter::take_line(std::string_view line) {
  if (is_marker(line)) {
    end_document();
    line.remove_prefix(3);  // a document may begin on the marker's own line
  }
  // A directive belongs to the document after the next marker, and does not matter here.
  if (line.starts_with('%')) return;
  has_content_ = has_content_ || is_content(line);
  append(line);
}

void YamlSplitter::append(std::string_view text) {
  const std::size_t room = kMaxYamlDocumentBytes - std::min(kMaxYamlDocumentBytes, document_.size());
  if (text.size() > room) is_too_large_ = true;
  document_.append(text.substr(0, room));
}

void YamlSplitter::end_document() {
  if (has_content_) visit_({document_, ++documents_, is_too_large_});
  document_.clear();
  has_content_ = false;
  is_too_large_ = false;
}

}  // namespace initscan::audit
