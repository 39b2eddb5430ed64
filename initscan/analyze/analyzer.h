#pragma once

#include "common/result.h"
#include "initscan/model/image_files.h"
#include "initscan/model/sbom.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxPackages = 200'000;  // of one image
inline constexpr std::size_t kMaxFieldBytes = 4096;   // a name, a version, an architecture
inline constexpr std::size_t kMaxDatabaseBytes = 64
                                                 << 20;  // one package database; Debian's largest desktops have 10 MB

// A package database that was there, whether or not it could be read.
struct Database {
  PackageType type;
  std::string path;
};

// What the analyzers found so far.
struct Inventory {
  OsRelease os;
  std::vector<Package> packages;
  std::vector<Database> databases;      // the package databases that were there
  std::vector<std::string> incomplete;  // see Coverage
  std::vector<std::string> unmatched;   // see Coverage
};

// Looks at the files that it knows of and says what software they declare. It keeps no state between
// images. What it cannot read goes into Inventory::incomplete with its place; the packages that it read
// before stay: a damaged database still shows what is bad in its sound part.
class Analyzer {
 public:
  virtual ~Analyzer() = default;
  virtual std::string_view name() const = 0;
  virtual void analyze(const ImageFiles& files, Inventory& inventory) const = 0;
};

/// Every analyzer there is. To add one: write it, list it here.
std::vector<std::unique_ptr<Analyzer>> all_analyzers();

/// Runs all of them over one image; the packages come back sorted, coverage holds what is incomplete.
Sbom analyze_image(const ImageFiles& files);

}  // namespace initscan
