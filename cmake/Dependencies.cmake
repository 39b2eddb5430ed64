# Everything comes from the system's packages: a build needs no network. `./dev setup` installs them.
find_package(Threads REQUIRED)
set(Boost_USE_STATIC_LIBS ON)
find_package(Boost 1.81 REQUIRED COMPONENTS url)
find_package(OpenSSL 3 REQUIRED)
find_package(CURL 7.85 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(yaml-cpp 0.7 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(spdlog 1.10 REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(GTest 1.12 REQUIRED)
find_package(benchmark 1.7 REQUIRED)
find_path(DTL_INCLUDE_DIR dtl/dtl.hpp REQUIRED)  # libdtl: headers alone
find_package(PkgConfig REQUIRED)
pkg_check_modules(simdjson REQUIRED IMPORTED_TARGET simdjson)
pkg_check_modules(libzstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(zlib REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(libseccomp REQUIRED IMPORTED_TARGET libseccomp)

# Static archives: initscan-collect is static as a whole, and the shared libarchive would bring an XML parser
# and the 30 MB of ICU into the scanner's image for formats that nobody reads here.
find_library(SECCOMP_STATIC libseccomp.a REQUIRED)
add_library(initscan_archive INTERFACE)
foreach(archive IN ITEMS archive zstd z lzma bz2 nettle)
  find_library(${archive}_STATIC lib${archive}.a REQUIRED)
  target_link_libraries(initscan_archive INTERFACE ${${archive}_STATIC})
endforeach()
# Its writer of zips comes with those of all formats, of which one wants that parser.
target_link_options(initscan_archive INTERFACE -Wl,--gc-sections)
find_path(NETTLE_INCLUDE_DIR nettle/hmac.h REQUIRED)

# Static as well: feeds alone are XML, and the scanner's image takes no library for them.
find_library(EXPAT_STATIC libexpat.a REQUIRED)
find_path(EXPAT_INCLUDE_DIR expat.h REQUIRED)
find_path(TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h REQUIRED)  # headers alone
