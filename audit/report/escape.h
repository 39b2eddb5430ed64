#pragma once

#include "common/text/visible.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace initscan::audit {

// Names, labels, annotations and values of a cluster are whatever someone wrote into them. visible() makes one of them
// safe for people; each function here makes it safe in one kind of report besides.

inline constexpr std::size_t kMaxShownPatchBytes = 20'000;

/// For HTML and XML, in content and in quoted attributes.
std::string markup_text(std::string_view text);
std::string markup_lines(std::string_view text);

/// For Markdown in the middle of a line and in a table: no markup, no link, no @mention, no reference (GFM 0.29).
std::string markdown_text(std::string_view text);

/// A code span for a cell of a table; "" for nothing.
std::string markdown_code(std::string_view text);

/// One field of CSV (RFC 4180). A value that a spreadsheet would take for a formula gets an apostrophe before it
/// (CWE-1236).
std::string csv_field(std::string_view text);

}  // namespace initscan::audit
