#pragma once

#include "common/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace initscan {

// The one layer of an image of an index: a tar with the index, and nothing else. There is one such tar of each index,
// byte for byte: its header follows from the index's size. So who takes an index out of a layer compares bytes, and
// parses no tar: what has another name, a link or a second file in it is none.

inline constexpr std::size_t kTarBlockBytes = 512;

/// What stands before an index of so many bytes: a block.
std::string layer_head(std::uint64_t index_bytes);

/// What stands behind it: zeros up to a whole block, and two blocks more.
std::string layer_tail(std::uint64_t index_bytes);

std::uint64_t layer_bytes(std::uint64_t index_bytes);

/// The size of the index behind such a head. nullopt: it is none.
std::optional<std::uint64_t> index_bytes_of(std::string_view head);

/// The index, as a part of `layer`. Errors: malformed.
Result<std::string_view> index_in_layer(std::string_view layer);

/// What gzip packed: registries' clients pack what they copy. Reads no further than an index reaches whose head stands
/// at the front, and no more than many times what is packed. Errors: malformed, over_limit.
Result<std::string> unpack_layer(std::string_view packed);

}  // namespace initscan
