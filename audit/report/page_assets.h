#pragma once

#include <string_view>

namespace initscan::audit {

// page/page.css and page/page.js as they are in the source tree.
extern const std::string_view kPageStyle;
extern const std::string_view kPageScript;

}  // namespace initscan::audit
