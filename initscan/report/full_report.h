#pragma once

#include "initscan/model/verdict.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace initscan {

/// What a server is told of one image of a verdict, as POST /v1/reports takes it. `digest`: of the image, "" where
/// nobody here knows it. `sbom`: its document as its collector wrote it; "": it is left out.
std::string full_report(const Verdict& verdict, std::size_t image, std::string_view digest, std::string_view sbom,
                        std::chrono::sys_seconds evaluated_at);

/// "sha256:..." of "example/shop:1.4@sha256:..."; "" of a reference without a digest that is whole.
std::string_view digest_in(std::string_view reference);

}  // namespace initscan
