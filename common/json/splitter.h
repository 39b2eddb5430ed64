#pragma once

#include "common/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxItemBytes = 8 << 20;  // of one API object; etcd takes 1.5 MiB unless told otherwise

// Whose items JsonSplitter hands on by themselves.
struct JsonLists {
  std::vector<std::string_view> keys{"items"};  // of a document; literals
  std::size_t max_item_bytes = kMaxItemBytes;
};

// A piece of JSON input. The views hold during the visit.
struct JsonPiece {
  std::string_view json;      // the text of one value; it need not be valid
  std::size_t document = 0;   // the how many-th of the input, from 1
  std::string_view list;      // the list's key; "" of a document that is a list
  std::size_t item = 0;       // the how many-th of its list, from 1; 0: the document itself, without its items
  std::uint64_t bytes = 0;    // of the whole value
  bool is_too_large = false;  // more than max_item_bytes: `json` is only its beginning
};

// Splits what kubectl and the API server write into API objects, without ever holding more than one of them: a
// list's items one by one, then what is left of the list (`kind` may come after the items).
//
// Grammar: documents one after the other, separated by nothing or by white space (JSON lines); each an object, or an
//          array of objects. "items" of a document, where it is an array, holds objects of their own; other keys
//          where JsonLists names them.
// Only brackets and strings are looked at: whether a piece is JSON is for its reader to say.
// Memory:  two pieces of at most max_item_bytes.
class JsonSplitter {
 public:
  using Visit = std::function<void(const JsonPiece&)>;

  explicit JsonSplitter(Visit visit, JsonLists lists = {});

  /// Takes the next bytes of the input, split anywhere.
  /// Errors: malformed - a document that is neither object nor array; nothing more can be read then.
  Result<void> feed(std::string_view bytes);

  /// Errors: truncated - the input ends inside a document. Every item that was whole has been handed on.
  Result<void> finish() const;

  std::uint64_t offset() const { return offset_; }  // bytes taken

 private:
  // A value as far as it is held.
  struct Buffer {
    std::string text;
    std::uint64_t bytes = 0;
    void append(std::string_view more, std::size_t most);
    void clear();
  };

  Result<void> start_document(char c);
  void take_plain(std::string_view run);
  void take(char c);
  void end_item();
  void end_document();
  void hand_on(const Buffer& buffer, std::size_t item) const;
  std::size_t take_string(std::string_view bytes);
  void keep(std::string_view bytes) { (in_items_ ? item_ : document_).append(bytes, lists_.max_item_bytes); }

  const Visit visit_;
  const JsonLists lists_;
  std::size_t longest_key_ = 0;
  std::uint64_t offset_ = 0;
  std::uint64_t document_start_ = 0;
  std::size_t documents_ = 0;
  std::size_t items_ = 0;  // of this list
  std::size_t depth_ = 0;
  std::size_t items_depth_ = 0;  // of the commas between items, where in_items_
  bool in_string_ = false;
  bool is_escaped_ = false;
  bool in_items_ = false;
  bool may_be_key_ = false;  // at depth 1: a string from here on is a key
  std::string key_;          // of depth 1, as far as it matters
  std::string_view list_;    // the last key at depth 1, where it is one of lists_
  Buffer document_;
  Buffer item_;
};

}  // namespace initscan
