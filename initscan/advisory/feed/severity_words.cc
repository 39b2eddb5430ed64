#include "initscan/advisory/feed/severity_words.h"

#include "common/text/words.h"

namespace initscan {

Severity severity_of_word(std::string_view word) {
  struct Word {
    std::string_view name;
    Severity severity;
  };
  constexpr Word kWords[] = {
      {"unimportant", Severity::negligible}, {"negligible", Severity::negligible}, {"low", Severity::low},
      {"medium", Severity::medium},          {"moderate", Severity::medium},       {"high", Severity::high},
      {"important", Severity::high},         {"critical", Severity::critical}};
  for (const Word& known : kWords) {
    if (is_same_word(word, known.name)) return known.severity;
  }
  return Severity::unknown;
}

}  // namespace initscan
