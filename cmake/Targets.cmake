add_library(initscan_warnings INTERFACE)  # flags every own target links, and nothing else does
target_compile_options(initscan_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast
  $<$<BOOL:${INITSCAN_WERROR}>:-Werror>)
# With optimization g++ 12 sees overflows in std::string's own concatenation (GCC bugs 105329 and 105651).
target_compile_options(initscan_warnings INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-restrict;-Wno-stringop-overflow;-Wno-stringop-overread>)
# g++ collects its garbage less often: a tenth of its time for a tenth more memory.
target_compile_options(initscan_warnings INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-expand=1000;--param=ggc-min-heapsize=1048576>)
if(INITSCAN_SANITIZE)
  target_compile_options(initscan_warnings INTERFACE -fsanitize=${INITSCAN_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(initscan_warnings INTERFACE -fsanitize=${INITSCAN_SANITIZE})
  # What clang 14 puts in front of each function for this check, its assembler cannot take in a coroutine.
  target_compile_options(initscan_warnings INTERFACE -fno-sanitize=function)
else()
  target_compile_options(initscan_warnings INTERFACE -fstack-protector-strong $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
  target_link_options(initscan_warnings INTERFACE -Wl,-z,relro,-z,now -Wl,--gc-sections)
  target_compile_options(initscan_warnings INTERFACE -ffunction-sections -fdata-sections)
endif()

if(INITSCAN_LIBFUZZER)
  target_compile_options(initscan_warnings INTERFACE -fsanitize=fuzzer-no-link)
endif()

# What costs most to parse is read once, for all targets that reuse it. A file includes what it needs all the same:
# `./dev lint` reads each without.
# initscan_precompile(<name> DEPS target.. HEADERS <a.h>..)
function(initscan_precompile name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPS;HEADERS")
  add_library(${name} OBJECT ${PROJECT_SOURCE_DIR}/cmake/headers.cc)
  target_link_libraries(${name} PRIVATE ${arg_DEPS} initscan_warnings)
  target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
endfunction()
set(CMAKE_CXX_COMPILE_OPTIONS_PIE -fPIC)  # programs as stages, so that they can reuse the same
# Where simdjson.h is precompiled, its macros are everybody's.
target_compile_options(initscan_warnings INTERFACE $<TARGET_PROPERTY:PkgConfig::simdjson,INTERFACE_COMPILE_OPTIONS>)
# No more than what most read: what is not read costs each of them the time to load it.
set(standard_headers <algorithm> <chrono> <functional> <map> <memory> <optional> <string> <string_view> <variant> <vector>)
initscan_precompile(initscan_headers HEADERS ${standard_headers})
initscan_precompile(initscan_json_headers
  DEPS nlohmann_json::nlohmann_json
  HEADERS ${standard_headers} <nlohmann/json.hpp> <simdjson.h>)
initscan_precompile(initscan_program_headers DEPS CLI11::CLI11 HEADERS <CLI/CLI.hpp>)

# initscan_stage(<name> [JSON|NET] SOURCES a.cc.. [DEPS target..]): one stage, one library. JSON: nearly all of it reads
# JSON; NET: it uses Asio.
function(initscan_stage name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "JSON;NET" "" "SOURCES;DEPS")
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${arg_DEPS} PRIVATE initscan_warnings)
  if(arg_NET)
    target_link_libraries(${name} PUBLIC initscan_net)
    target_precompile_headers(${name} REUSE_FROM initscan_net_headers)
  elseif(arg_JSON)
    target_precompile_headers(${name} REUSE_FROM initscan_json_headers)
  else()
    target_precompile_headers(${name} REUSE_FROM initscan_headers)
  endif()
endfunction()

add_custom_target(programs)  # every program, without the unit tests

# initscan_program(<name> SOURCES a.cc.. [DEPS target..]): a binary in the build's bin/.
function(initscan_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} initscan_warnings)
  target_precompile_headers(${name} REUSE_FROM initscan_program_headers)
  add_dependencies(programs ${name})
endfunction()

add_custom_target(fuzz_targets)  # every fuzz target at once

# initscan_fuzz(<stem> [DEPS target..]): tests/fuzz/fuzz_<stem>.cc. With libFuzzer a fuzzer; otherwise a
# program that replays tests/corpus/<stem>, run by ctest, so that every fuzzer stays alive and its findings stay mended.
function(initscan_fuzz stem)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPS")
  add_executable(fuzz_${stem} ${PROJECT_SOURCE_DIR}/tests/fuzz/fuzz_${stem}.cc)
  target_link_libraries(fuzz_${stem} PRIVATE ${arg_DEPS} initscan_warnings)
  set_target_properties(fuzz_${stem} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz)
  add_dependencies(fuzz_targets fuzz_${stem})
  if(INITSCAN_LIBFUZZER)
    target_link_options(fuzz_${stem} PRIVATE -fsanitize=fuzzer)
  else()
    target_link_libraries(fuzz_${stem} PRIVATE initscan_fuzz_replay)
    add_test(NAME fuzz_replay.${stem} COMMAND fuzz_${stem} ${PROJECT_SOURCE_DIR}/tests/corpus/${stem})
  endif()
endfunction()
