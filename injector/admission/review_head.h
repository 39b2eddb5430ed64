#pragma once

#include <string>
#include <string_view>

namespace initscan::injector {

/// An AdmissionReview without its objects, which are null in their place: what is left is small, and says whose it is,
/// even where the objects are too large to be read, or the text ends inside one. `review` need not be valid.
std::string review_without_objects(std::string_view review);

}  // namespace initscan::injector
