#pragma once

#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/feed/oval.h"
#include "initscan/model/advisory.h"

#include <string>
#include <string_view>

namespace initscan {

/// What the conditions of one package say of its version, "" where they ask nothing of it: adds to `range`. False for
/// a comparison that no range can express.
bool add_to_range(const OvalCondition::Comparison& evr, VersionRange& range);

/// "(aarch64|x86_64)" or "aarch64" -> its architectures.
std::vector<std::string> architectures_of(const OvalCondition::Comparison& architecture);

/// Of an alternative whose conditions are not all understood: which versions it is about is not known.
void leave_unclear(AffectedPackage& affected);

/// Reads a feed of OVAL: of each definition its record. Errors: of read_oval().
Result<void> read_oval_records(std::string_view xml, FeedRecord (*record_of)(const OvalDefinition&),
                               const RecordSink& sink);

/// RFC 3339 of "2007-06-26" or of what is RFC 3339 already; "" for other texts.
std::string oval_date(std::string_view text);

}  // namespace initscan
