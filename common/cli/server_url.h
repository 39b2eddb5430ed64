#pragma once

#include <string>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace initscan {

/// Why a text is no URL of an initscan-server; "" of one. A token goes there: nothing but TLS will do, nor a place that
/// is put together with paths of ours to another one.
std::string fault_of_server_url(const std::string& url);

/// An option that takes such a URL. Slashes at its end do not count.
CLI::Option* add_server_url(CLI::App& command, const std::string& option, std::string& url, const std::string& what);

}  // namespace initscan
