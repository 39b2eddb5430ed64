#include "initscan/advisory/feed/xml_events.h"

#include "common/text/trim.h"

#include <algorithm>
#include <memory>
#include <optional>

#include <expat.h>

namespace initscan {
namespace {

std::string_view without_prefix(std::string_view name) {
  return name.substr(name.find(':') == name.npos ? 0 : name.find(':') + 1);
}

// What expat's callbacks work on. They are C: nothing may be thrown through them but what no memory throws.
class Reading {
 public:
  Reading(XML_Parser parser, XmlHandler& handler) : parser_(parser), handler_(handler) {}

  void start(const char* name, const char** attributes) {
    if (texts_.size() == kMaxXmlDepth) return stop(Errc::over_limit, "elements are nested too deeply");
    std::vector<std::pair<std::string_view, std::string_view>> all;
    for (; *attributes != nullptr; attributes += 2) {
      if (all.size() == kMaxXmlAttributes) return stop(Errc::over_limit, "too many attributes");
      all.emplace_back(without_prefix(attributes[0]), attributes[1]);
    }
    texts_.emplace_back();
    handler_.start(without_prefix(name), XmlAttributes(std::move(all)));
  }

  void text(std::string_view more) {
    if (texts_.empty()) return;
    if (texts_.back().size() + more.size() > kMaxXmlTextBytes)
      return stop(Errc::over_limit, "a text of more than " + std::to_string(kMaxXmlTextBytes) + " bytes");
    texts_.back() += more;
  }

  void end(const char* name) {
    if (error_ || texts_.empty()) return;
    const std::string text = std::move(texts_.back());
    texts_.pop_back();
    if (auto done = handler_.end(without_prefix(name), trimmed(text)); !done)
      stop(done.error().code, done.error().text);
  }

  void refuse_document_type() { stop(Errc::malformed, "a document type is not read"); }

  const std::optional<Error>& error() const { return error_; }

 private:
  void stop(Errc code, const std::string& text) {
    if (error_) return;
    error_ = Error{code, std::to_string(XML_GetCurrentLineNumber(parser_)) + ": " + text};
    XML_StopParser(parser_, XML_FALSE);
  }

  XML_Parser parser_;
  XmlHandler& handler_;
  std::vector<std::string> texts_;  // of the open elements
  std::optional<Error> error_;
};

Reading& reading(void* data) {
  return *static_cast<Reading*>(data);
}

void set_callbacks(XML_Parser parser, Reading& data) {
  XML_SetUserData(parser, &data);
  XML_SetElementHandler(
      parser,
      [](void* user, const XML_Char* name, const XML_Char** attributes) { reading(user).start(name, attributes); },
      [](void* user, const XML_Char* name) { reading(user).end(name); });
  XML_SetCharacterDataHandler(parser, [](void* user, const XML_Char* text, int bytes) {
    reading(user).text({text, static_cast<std::size_t>(bytes)});
  });
  XML_SetStartDoctypeDeclHandler(parser, [](void* user, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    reading(user).refuse_document_type();
  });
}

}  // namespace

std::string_view XmlAttributes::operator[](std::string_view name) const {
  const auto found = std::find_if(all_.begin(), all_.end(), [&](const auto& known) { return known.first == name; });
  return found == all_.end() ? std::string_view() : found->second;
}

Result<void> read_xml(std::string_view text, XmlHandler& handler) {
  constexpr std::size_t kStep = 1 << 20;
  const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser(XML_ParserCreate(nullptr), XML_ParserFree);
  if (!parser) return Error{Errc::failed, "no memory for an XML parser"};
  Reading data(parser.get(), handler);
  set_callbacks(parser.get(), data);
  for (bool is_last = false; !is_last;) {
    const std::string_view step = text.substr(0, kStep);
    text.remove_prefix(step.size());
    is_last = text.empty();
    const auto status = XML_Parse(parser.get(), step.data(), static_cast<int>(step.size()), is_last ? 1 : 0);
    if (data.error()) return *data.error();
    if (status != XML_STATUS_OK) {
      return Error{Errc::malformed, std::to_string(XML_GetCurrentLineNumber(parser.get())) +
                                        ": not XML: " + XML_ErrorString(XML_GetErrorCode(parser.get()))};
    }
  }
  return {};
}

}  // namespace initscan
