#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace initscan::audit {

// A YAML document is held as a tree that takes many times its text; JSON has no such limit.
inline constexpr std::size_t kMaxYamlDocumentBytes = 8 << 20;

// One document of a YAML stream. The view holds during the visit.
struct YamlPiece {
  std::string_view text;
  std::size_t document = 0;   // from 1
  bool is_too_large = false;  // `text` is not all of it
};

// Splits a YAML stream at the lines "---" and "...", holding one document at a time. Documents of comments and empty
// lines alone are left out.
class YamlSplitter {
 public:
  using Visit = std::function<void(const YamlPiece&)>;

  explicit YamlSplitter(Visit visit) : visit_(std::move(visit)) {}

  void feed(std::string_view bytes);
  void finish();

 private:
  void take_line(std::string_view line);
  void append(std::string_view text);
  void end_document();

  const Visit visit_;
  std::string line_;  // not yet whole
  std::string document_;
  std::size_t documents_ = 0;
  bool is_too_large_ = false;
  bool has_content_ = false;
};

}  // namespace initscan::audit
