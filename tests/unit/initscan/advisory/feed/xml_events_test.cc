#include "initscan/advisory/feed/xml_events.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

// Writes down what it is told.
class Notes : public XmlHandler {
 public:
  void start(std::string_view name, const XmlAttributes& attributes) override {
    text_ += '<' + std::string(name) + ' ' + std::string(attributes["id"]) + '>';
  }
  Result<void> end(std::string_view name, std::string_view text) override {
    if (text == "stop") return Error{Errc::malformed, "told to stop"};
    text_ += std::string(text) + "</" + std::string(name) + '>';
    return {};
  }
  std::string text_;
};

std::string told(std::string_view xml) {
  Notes notes;
  const auto done = read_xml(xml, notes);
  return done ? notes.text_ : done.error().text;
}

TEST(XmlEvents, TellsElementsWithoutPrefixes) {
  EXPECT_EQ(told("<?xml version='1.0'?><a:b xmlns:a='x' a:id='1'>\n one <c id='&lt;2'>two</c> &amp; more\n</a:b>"),
            "<b 1><c <2>two</c>one  & more</b>");
}

std::string nested(std::size_t depth) {
  std::string xml;
  for (std::size_t i = 0; i < depth; ++i) xml += "<a>";
  for (std::size_t i = 0; i < depth; ++i) xml += "</a>";
  return xml;
}

std::string with_attributes(std::size_t count) {
  std::string xml = "<a";
  for (std::size_t i = 0; i < count; ++i) xml += " a" + std::to_string(i) + "=''";
  return xml + "/>";
}

TEST(XmlEvents, RejectsWithALine) {
  EXPECT_EQ(told("<a>\n<b>\n</a>"), "3: not XML: mismatched tag");
  EXPECT_EQ(told(""), "1: not XML: no element found");
  EXPECT_EQ(told("<a/>rest"), "1: not XML: junk after document element");
  EXPECT_EQ(told("<a>\n<b>stop</b></a>"), "2: told to stop");
  EXPECT_EQ(told("<!DOCTYPE a [<!ENTITY b 'bb'>]>\n<a>&b;</a>"), "1: a document type is not read");
  EXPECT_EQ(told("<a>&b;</a>"), "1: not XML: undefined entity");
}

TEST(XmlEvents, HasLimits) {
  EXPECT_EQ(told(nested(kMaxXmlDepth)).substr(0, 3), "<a ");
  EXPECT_EQ(told(nested(kMaxXmlDepth + 1)), "1: elements are nested too deeply");
  EXPECT_EQ(told(with_attributes(kMaxXmlAttributes)), "<a ></a>");
  EXPECT_EQ(told(with_attributes(kMaxXmlAttributes + 1)), "1: too many attributes");
  EXPECT_EQ(told("<a>" + std::string(kMaxXmlTextBytes + 1, 'x') + "</a>"), "1: a text of more than 1048576 bytes");
}

}  // namespace
}  // namespace initscan
