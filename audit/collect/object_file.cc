#include "audit/collect/object_file.h"

#include "audit/collect/json_parse.h"
#include "audit/collect/yaml_splitter.h"
#include "common/json/element.h"
#include "common/json/splitter.h"
#include "common/yaml/yaml_document.h"

#include <yaml-cpp/yaml.h>

namespace initscan::audit {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kListSuffix = "List";
constexpr std::size_t kUsualBytes = 1 << 20;  // a larger object gets a separate parser, which is freed afterwards

// "PodList" -> "Pod"; "" of a List, whose items say it themselves.
std::string item_kind_of(std::string_view list_kind) {
  if (!list_kind.ends_with(kListSuffix)) return {};
  return std::string(list_kind.substr(0, list_kind.size() - kListSuffix.size()));
}

// What the first bytes look like. A mapping in YAML's flow style begins with a brace, too, but not with a quoted key.
bool looks_like_json(std::string_view bytes) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = bytes.find_first_not_of(kSpace);
  if (first == bytes.npos || (bytes[first] != '{' && bytes[first] != '[')) return false;
  const std::size_t second = bytes.find_first_not_of(kSpace, first + 1);
  return second == bytes.npos || std::string_view("\"}{]").find(bytes[second]) != std::string_view::npos;
}

}  // namespace

// One visit of a file.
struct ObjectFile::Walk {
  ObjectFile& file;
  const ObjectVisitor& visitor;
  dom::parser parser;

  Walk(ObjectFile& visited, const ObjectVisitor& told) : file(visited), visitor(told) {}

  // "pods.json: .items[16]", as jq takes it; with the document where there are several.
  std::string place(std::size_t document, std::size_t item) const {
    std::string text = file.name();
    if (document > 1) text += ": document " + std::to_string(document);
    if (item > 0) text += ": .items[" + std::to_string(item - 1) + ']';
    return text;
  }

  void take_json(const JsonPiece& piece) {
    const std::string where = place(piece.document, piece.item);
    if (piece.is_too_large) {
      visitor.unreadable(where, {Errc::over_limit, std::to_string(piece.bytes) + " bytes; the limit of one object is " +
                                                       std::to_string(kMaxItemBytes)});
      return;
    }
    dom::parser large;
    const auto root = parse_json(piece.json, piece.json.size() > kUsualBytes ? large : parser);
    if (!root) {
      visitor.unreadable(where, root.error());
    } else if (piece.item > 0) {
      const auto known = file.item_kinds_.find(piece.document);
      take_value(*root, known == file.item_kinds_.end() ? "" : known->second, where, 1);
    } else {
      remember_kind(*root, piece.document);
      take_value(*root, "", where, 0);
    }
  }

  void take_yaml(const YamlPiece& piece) {
    const std::string where = place(piece.document, 0);
    if (piece.is_too_large) {
      visitor.unreadable(where, {Errc::over_limit, "more than " + std::to_string(kMaxYamlDocumentBytes) +
                                                       " bytes of YAML; take JSON instead: kubectl get -o json"});
      return;
    }
    const auto documents = load_yaml(piece.text);
    if (!documents) {
      visitor.unreadable(where, documents.error());
      return;
    }
    for (const YAML::Node& document : *documents) {
      if (document.IsNull()) continue;
      const std::string json = object_json(document);
      dom::parser own;
      const auto root = parse_json(json, own);
      if (root) {
        take_value(*root, "", where, 0);
      } else {
        visitor.unreadable(where, root.error());
      }
    }
  }

  // The items were handed on before their list was whole; now it says what they are.
  void remember_kind(const dom::element& list, std::size_t document) {
    const std::string kind = item_kind_of(text_in(list, "kind"));
    if (!kind.empty() && file.item_kinds_.size() < kMaxNamingLists) file.item_kinds_.emplace(document, kind);
  }

  // An object, or a list of them. `kind` is what its list says of it.
  void take_value(const dom::element& value, std::string_view kind, const std::string& where, std::size_t lists) {
    if (value.is_array()) return take_items(value, "", where, lists);
    if (!value.is_object()) return visitor.unreadable(where, {Errc::malformed, "want an object"});
    const std::string_view own_kind = text_in(value, "kind");
    dom::element items;
    if (own_kind.ends_with(kListSuffix) && value["items"].get(items) == simdjson::SUCCESS) {
      if (own_kind == "PodList") note_page(value);
      if (items.is_null()) return;
      return take_items(items, item_kind_of(own_kind), where, lists);
    }
    if (!own_kind.empty()) kind = own_kind;
    if (!kind.empty()) return visitor.object(text_in(value, "apiVersion"), kind, value, where);
    if (lists == 0 && value["items"].get(items) == simdjson::SUCCESS) return;  // what is left of a list
    file.wants_another_visit_ = true;
    visitor.unreadable(where, {Errc::malformed, "an object without a kind"});
  }

  // The API server gives long lists in pages; all but the last say how to continue.
  void note_page(const dom::element& list) {
    const bool goes_on = !text_in(list["metadata"], "continue").empty();
    (goes_on ? file.has_page_before_last_ : file.has_last_page_) = true;
  }

  void take_items(const dom::element& items, std::string_view kind, const std::string& where, std::size_t lists) {
    dom::array array;
    if (items.get(array) != simdjson::SUCCESS) {
      return visitor.unreadable(where, {Errc::malformed, "items: want a list"});
    }
    if (lists == kMaxListsInLists) return visitor.unreadable(where, {Errc::over_limit, "lists are nested too deeply"});
    std::size_t index = 0;
    for (const dom::element item : array) {
      take_value(item, kind, where + ": .items[" + std::to_string(index++) + ']', lists + 1);
    }
  }
};

Result<void> ObjectFile::visit(const ObjectVisitor& visitor) {
  auto reader = InputReader::open(file_);
  if (!reader) return reader.error();
  wants_another_visit_ = false;
  has_page_before_last_ = false;
  has_last_page_ = false;
  Walk walk(*this, visitor);
  JsonSplitter json([&](const JsonPiece& piece) { walk.take_json(piece); });
  YamlSplitter yaml([&](const YamlPiece& piece) { walk.take_yaml(piece); });

  bool is_first = true;
  bool is_json = false;
  for (;;) {
    auto chunk = reader->next();
    if (!chunk) return chunk.error();
    if (chunk->empty()) break;
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (is_first && chunk->starts_with(kByteOrderMark)) chunk->remove_prefix(kByteOrderMark.size());
    if (is_first) is_json = looks_like_json(*chunk);
    is_first = false;
    if (!is_json) {
      yaml.feed(*chunk);
    } else if (auto fed = json.feed(*chunk); !fed) {
      return fed;
    }
  }
  yaml.finish();
  return json.finish();
}

}  // namespace initscan::audit
