#pragma once

#include <string_view>

namespace initscan {

/// Whether a label meets the operator of a LabelSelector's requirement: `exists` - the object has the key; `is_in` -
/// and its value is one of the requirement's. Nothing meets an unknown operator.
/// Source: apimachinery, meta/v1, LabelSelectorRequirement: NotIn holds for an object without the key, too.
inline bool meets_label_operator(std::string_view op, bool exists, bool is_in) {
  if (op == "In") return is_in;
  if (op == "NotIn") return !is_in;
  if (op == "Exists") return exists;
  return op == "DoesNotExist" && !exists;
}

}  // namespace initscan
