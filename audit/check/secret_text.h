#pragma once

#include <string_view>

namespace initscan::audit {

/// What shows that a text contains a secret in clear, anywhere in it: a command of a shell, a connection string, a
/// JSON document, a header. "" where nothing does. The view is of static storage. Linear in the text's size.
std::string_view secret_in_text(std::string_view text);

/// Whether a value cannot be a secret, whatever its name: empty, a flag, a path, a reference, a placeholder.
bool is_no_secret(std::string_view value);

/// Whether the value is the name of a Secret, or of a key in one. Of an option less is asked than of a variable.
bool names_object(std::string_view name, std::string_view value, bool is_option);

/// Whether the value that is given to a name in a text, by an option or an assignment, is a secret by that name.
bool is_secret_value(std::string_view name, std::string_view value);

}  // namespace initscan::audit
