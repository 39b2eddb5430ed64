#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace initscan::audit {

/// Why a literal value of an environment variable or of a header is taken for a secret: "a private key", "a password
/// in a URL", "by its name"; "" where it is none. References to other variables, to files and to stores of secrets are
/// none, nor are placeholders that nobody could log in with. The view is of static storage.
std::string_view secret_shape(std::string_view name, std::string_view value);

// A word of a command that holds a secret.
struct SecretWord {
  std::size_t place = 0;   // among the words
  std::string_view shape;  // as above
};

/// The words of a command, or of its arguments, that hold secrets: by their form, or by the option before them.
std::vector<SecretWord> secret_words(const std::vector<std::string>& words);

}  // namespace initscan::audit
