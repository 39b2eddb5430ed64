#pragma once

#include "injector/doctor/item.h"

#include <string>
#include <vector>

namespace initscan {

/// Whether a failure is the API server's "you may not".
bool is_forbidden(const std::string& failure);

/// The right that was missing, in few words: "you may not get finalstates.initscan.io in initscan-system". Another
/// failure comes back as it is.
std::string in_few_words(const std::string& failure);

/// Whoever may read little gets one line that says which rights are missing and what is unknown for that, in the place
/// of one for each refusal.
std::vector<CheckItem> with_refusals_gathered(std::vector<CheckItem> items);

}  // namespace initscan
