#pragma once

#include "initscan/model/verdict.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace initscan {

inline constexpr std::size_t kMaxTerminationMessageBytes = 4096;  // what the kubelet keeps of a file, its end

/// For people: per image the findings that block, the others below, and one closing line.
/// `colour` adds ANSI escapes; only for a terminal.
std::string table_report(const Verdict& verdict, bool colour);

// Who reads JSON first: a person, for whom each value has a line, or a program.
enum class JsonReader : std::uint8_t { person, program };

/// For programs: docs/schemas/verdict.schema.json describes it. `evaluated_at` is the only time in it.
std::string json_report(const Verdict& verdict, std::chrono::sys_seconds evaluated_at,
                        JsonReader reader = JsonReader::person);

/// For `kubectl describe pod`: the reason first, then the findings that block, the worst first; ends with
/// a count where not all of them fit into `room` bytes.
std::string termination_message(const Verdict& verdict, std::size_t room = kMaxTerminationMessageBytes);

}  // namespace initscan
