#pragma once

#include "common/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxXmlDepth = 64;
inline constexpr std::size_t kMaxXmlTextBytes = 1 << 20;  // of one element, without those inside
inline constexpr std::size_t kMaxXmlAttributes = 64;

// An element's attributes. The views hold until the handler returns.
class XmlAttributes {
 public:
  explicit XmlAttributes(std::vector<std::pair<std::string_view, std::string_view>> all) : all_(std::move(all)) {}

  /// "" where it has none.
  std::string_view operator[](std::string_view name) const;

 private:
  std::vector<std::pair<std::string_view, std::string_view>> all_;
};

// Takes what an XML text consists of, from front to back. Names come without their prefix: "rpminfo_test" of
// "red-def:rpminfo_test".
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void start(std::string_view name, const XmlAttributes& attributes) = 0;

  /// `text` is what stands in the element itself, without the white space around it. An error ends the reading.
  virtual Result<void> end(std::string_view name, std::string_view text) = 0;
};

/// Reads a text with expat. A document type is refused, and with it every entity that a text could define.
/// Errors, with the line: malformed; over_limit - the limits above; and those of the handler.
Result<void> read_xml(std::string_view text, XmlHandler& handler);

}  // namespace initscan
