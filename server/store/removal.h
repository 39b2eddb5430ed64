#pragma once

#include "server/store/store.h"

#include <cstdint>
#include <initializer_list>

namespace initscan::server {

/// Removes all rows that a statement speaks of, some at a time, so that others may write between: `sql` removes at most
/// as many as its last value says, which is `rows_at_once` behind `values`. `write` is Store::write or
/// Store::write_alone. How many there were. Errors: of the store.
Result<std::int64_t> remove_all(Store& store, Result<void> (Store::*write)(const Store::Work&),
                                std::int64_t rows_at_once, const char* sql, std::initializer_list<std::int64_t> values);

}  // namespace initscan::server
