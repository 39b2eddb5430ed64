#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace initscan::audit {

// Names, labels, annotations and values of a cluster are whatever somebody wrote into them. Each function makes one
// of them safe in one kind of report. All but visible_lines() give a single line.

inline constexpr std::size_t kMaxShownBytes = 2000;  // of one value; JSON alone has all of it
inline constexpr std::size_t kMaxShownPatchBytes = 20'000;

/// For people: a control character, one that turns the direction or has no width, and a byte that is not UTF-8
/// become visible as "\u{202e}" and "\x{ff}". Cut at kMaxShownBytes, with "...".
std::string visible(std::string_view text);

/// As visible(), but lines stay lines; cut at kMaxShownPatchBytes.
std::string visible_lines(std::string_view text);

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
