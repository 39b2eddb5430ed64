#include "initscan/model/scope_text.h"

#include "common/text/control.h"
#include "common/text/join.h"

#include <algorithm>

namespace initscan {
namespace {

bool is_word(const std::string& text) {
  return !text.empty() && text.find(' ') == text.npos;
}

}  // namespace

std::optional<std::string> scope_text(const AdvisoryScope& scope) {
  if (scope == AdvisoryScope{}) return std::string();
  if (!std::all_of(scope.cpes.begin(), scope.cpes.end(), is_word) ||
      !std::all_of(scope.architectures.begin(), scope.architectures.end(), is_word)) {
    return std::nullopt;
  }
  std::string text;
  for (const std::string& field :
       {join(scope.cpes, " "), scope.product, scope.module, scope.flavour, join(scope.architectures, " ")}) {
    if (has_control(field)) return std::nullopt;
    text += field + '\n';
  }
  return text;
}

std::optional<ScopeView> scope_in(std::string_view text) {
  ScopeView scope;
  if (text.empty()) return scope;
  for (std::string_view* const field :
       {&scope.cpes, &scope.product, &scope.module, &scope.flavour, &scope.architectures}) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) return std::nullopt;
    *field = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  if (!text.empty()) return std::nullopt;
  return scope;
}

}  // namespace initscan
