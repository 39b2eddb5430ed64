#pragma once

#include "common/config/node.h"

#include <string>

namespace initscan {

// A tree in one line, each scalar with a letter for its kind: {a: b:true, c: [n:1, t:x, null]}
inline std::string shown(const ConfigNode& node) {
  std::string text;
  switch (node.kind) {
    case ConfigKind::null: return "null";
    case ConfigKind::boolean: return "b:" + node.words;
    case ConfigKind::number: return "n:" + node.words;
    case ConfigKind::text: return "t:" + node.words;
    case ConfigKind::list:
      for (const ConfigNode& item : node.items) text += (text.empty() ? "" : ", ") + shown(item);
      return '[' + text + ']';
    case ConfigKind::mapping: break;
  }
  for (const ConfigEntry& entry : node.entries) {
    text += (text.empty() ? "" : ", ") + entry.key + ": " + shown(entry.value);
  }
  return '{' + text + '}';
}

}  // namespace initscan
