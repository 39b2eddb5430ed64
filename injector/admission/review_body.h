#pragma once

#include "injector/admission/review.h"
#include "injector/pod/patch_operation.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

namespace initscan::injector {

/// Opens a review up to its request, and fills in uid and namespace; the answer to send if it is not a review.
/// `request` is valid until the next call on this thread. Of a review that is too large to be read, which
/// answer.over_limit says, it has no objects.
std::optional<ReviewAnswer> open_review(std::string_view body, simdjson::dom::element& request, ReviewAnswer& answer);

/// Whether the request is about pods, and their subresource ("" for the pods themselves).
bool is_about_pods(const simdjson::dom::element& request, std::string_view subresource);

/// Whether it is about a namespace; its subresources can change its labels as well.
bool is_about_namespaces(const simdjson::dom::element& request);

ReviewAnswer rejected(std::string error);
void allow(ReviewAnswer& answer, Reason reason);
void deny(ReviewAnswer& answer, Reason reason, unsigned code, std::string error);

/// The bodies of answers that let the request pass.
std::string allowing_review(const std::string& uid, const std::vector<std::string>& warnings = {});
std::string patching_review(const std::string& uid, const PatchOperations& patch,
                            const std::vector<std::string>& warnings);

}  // namespace initscan::injector
