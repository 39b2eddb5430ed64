#pragma once

#include <cstdint>
#include <string_view>

namespace initscan::audit {

/// Whether something with this name is a secret: a variable, an option, a header, a member of a document. "dbPassword",
/// "PGPASSWORD" and "--db-password" are; "DB_PASSWORD_FILE" and "TOKEN_TTL" speak of one.
bool names_secret(std::string_view name);

// Whether the value of such a name may be the name of a Secret, or of a key in one, instead of what is in it.
enum class ObjectNaming : std::uint8_t {
  never,       // CLIENT_SECRET
  in_options,  // "--shop-secret": of an option as often as not, of a variable seldom
  by_value,    // DB_PASSWORD_SECRET: where the value is of several words, as most names of objects are
  always,      // EXISTING_SECRET
};

ObjectNaming object_naming(std::string_view name);

}  // namespace initscan::audit
