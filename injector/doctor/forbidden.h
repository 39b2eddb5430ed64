#pragma once

#include "injector/doctor/found.h"

#include <string>
#include <string_view>
#include <vector>

namespace initscan::injector {

/// What a request of ours asks for: "get" or "list" at "/apis/GROUP/VERSION/namespaces/NAMESPACE/RESOURCE/NAME".
/// Without the name: whoever lacks the right lacks it for the others as well.
Access right_to(std::string_view verb, std::string_view path);

/// The right that was missing, in few words: "you may not get finalstates.initscan.io in initscan-system". Another
/// failure is as it says.
std::string in_few_words(const Failure& failure);

/// Whoever may read little gets one line that says which rights are missing and what is therefore unknown, instead
/// of one for each refusal.
std::vector<CheckItem> with_refusals_gathered(std::vector<CheckItem> items);

}  // namespace initscan::injector
