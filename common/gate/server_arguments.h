#pragma once

#include <string>
#include <string_view>
#include <vector>

// What a gate is told of servers: where reports go, who matches, whom to trust and with which token. Like the policy's
// words they belong to no pod, so that they can be compared as a whole: as one word without spaces.
namespace initscan {

inline constexpr std::string_view kReportTo = "--report-to=";
inline constexpr std::string_view kServer = "--server=";
inline constexpr std::string_view kServerToken = "--server-token=";
inline constexpr std::string_view kServerCaInline = "--server-ca-inline=";

inline constexpr const char* kNoServers = "none";  // the word of no arguments

// How long a token is valid: the kubelet writes it before it pulls images, which takes its time, and writes a new one
// after four fifths of it for as long as the pod runs. So often the API server is asked for one.
inline constexpr int kServerTokenSeconds = 3600;

/// Whether an argument of a gate is one of these.
bool is_server_argument(std::string_view argument);

/// Whether it is one that names a server: not the token, nor whom to trust.
bool names_server(std::string_view argument);

/// Those of a gate's arguments, in their order.
std::vector<std::string> server_arguments_in(const std::vector<std::string>& arguments);

/// "--report-to=https://...|--server-token=..."; `none` of nothing.
std::string word_of_servers(const std::vector<std::string>& arguments);

/// The opposite. What a word says that is no such argument is left out: no other option can come in by it.
std::vector<std::string> servers_of_word(std::string_view word);

}  // namespace initscan
