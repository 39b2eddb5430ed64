#include "initscan/advisory/feed/yaml_as_json.h"

#include "common/json/writer.h"
#include "common/yaml/load_all.h"

#include <sstream>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

namespace initscan {
namespace {

// What a document may be nested too deeply for is told apart from what is no YAML.
class TooDeep : public YAML::ParserException {
 public:
  explicit TooDeep(const YAML::Mark& place) : ParserException(place, "nested too deeply") {}
};

class Writer : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override {
    // yaml-cpp 0.7 makes documents without end of a text whose next token starts none (", a").
    if (mark.pos == last_) throw YAML::ParserException(mark, "unexpected token");
    last_ = mark.pos;
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (is_key()) throw YAML::ParserException(mark, "want plain text as a key");
    refuse(mark, anchor);
    json_.null();
    end_value();
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override { refuse(mark, anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, const std::string& text) override {
    refuse(mark, anchor);
    if (is_key()) {
      json_.key(text);
      open_.back() = Place::value;
      return;
    }
    json_.value(text);
    end_value();
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, anchor, Place::item);
    json_.begin_array();
  }
  void OnSequenceEnd() override {
    json_.end_array();
    close();
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, anchor, Place::key);
    json_.begin_object();
  }
  void OnMapEnd() override {
    json_.end_object();
    close();
  }

  std::string take() { return std::exchange(json_, JsonWriter()).take(); }

 private:
  enum class Place : char { item, key, value };  // what comes next in a collection

  bool is_key() const { return !open_.empty() && open_.back() == Place::key; }

  static void refuse(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) throw YAML::ParserException(mark, "anchors and aliases are not read");
  }

  void open(const YAML::Mark& mark, YAML::anchor_t anchor, Place place) {
    refuse(mark, anchor);
    if (is_key()) throw YAML::ParserException(mark, "want plain text as a key");
    if (open_.size() == kMaxFeedYamlDepth) throw TooDeep(mark);
    open_.push_back(place);
  }
  void close() {
    open_.pop_back();
    end_value();
  }
  void end_value() {
    if (!open_.empty() && open_.back() == Place::value) open_.back() = Place::key;
  }

  JsonWriter json_;
  std::vector<Place> open_;
  int last_ = -1;  // position of the last document's first token
};

Error at(const YAML::Exception& e, Errc code) {
  const std::string place = e.mark.is_null() ? std::string() : std::to_string(e.mark.line + 1) + ": ";
  return {code, place + "not YAML: " + e.msg};
}

}  // namespace

Result<std::vector<std::string>> yaml_as_json(std::string_view yaml) {
  if (auto done = check_text(yaml); !done) return done.error();
  std::istringstream stream{std::string(yaml)};
  std::vector<std::string> documents;
  Writer writer;
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(writer)) documents.push_back(writer.take());
  } catch (const TooDeep& e) { return at(e, Errc::over_limit); } catch (const YAML::Exception& e) {
    return at(e, Errc::malformed);
  }
  return documents;
}

}  // namespace initscan
