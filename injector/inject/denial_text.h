#pragma once

#include <string_view>

namespace initscan::injector {

// What a denial begins with, of the webhook and of the policies in deploy/kustomize: it says whose it is.
inline constexpr std::string_view kDenialMark = "initscan: ";

// The sentence for a pod without our containers, of both.
inline constexpr std::string_view kNotInjected =
    "its containers are not in this pod (was the injector unreachable? try again)";

// What the injector says of a pod that it refuses, before why.
inline constexpr std::string_view kCannotInject = "initscan cannot put its scanner into this pod: ";

}  // namespace initscan::injector
