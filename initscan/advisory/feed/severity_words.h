#pragma once

#include "initscan/model/severity.h"

#include <string_view>

namespace initscan {

/// The severity that a word of a distribution or of a database stands for, in any case: "important", "unimportant",
/// "moderate". `unknown` for every other text.
/// Source: Debian's urgencies; Ubuntu's priorities; the classifications of Red Hat, SUSE and GitHub.
Severity severity_of_word(std::string_view word);

}  // namespace initscan
