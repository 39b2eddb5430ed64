#include "injector/admission/log_value.h"

#include "common/text/ascii.h"
#include "common/text/visible.h"

#include <algorithm>

namespace initscan::injector {
namespace {

bool is_plain(char c) {
  return is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == ':' || c == '/' || c == '@';
}

}  // namespace

std::string log_value(std::string_view text) {
  std::string shown = visible(text);
  if (std::all_of(shown.begin(), shown.end(), is_plain)) return shown;
  std::string quoted = "\"";
  for (const char c : shown) {
    if (c == '"') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace initscan::injector
