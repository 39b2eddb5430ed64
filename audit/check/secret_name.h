#pragma once

#include <string_view>

namespace initscan::audit {

/// Whether what bears the name is a secret: a variable, an option, a header, a member of a document. "dbPassword",
/// "PGPASSWORD" and "--db-password" are; "DB_PASSWORD_FILE" and "TOKEN_TTL" speak of one.
bool names_secret(std::string_view name);

/// Whether it is one that names an object as often as its contents: "--tls-secret".
bool may_name_object(std::string_view name);

}  // namespace initscan::audit
