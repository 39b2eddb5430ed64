#pragma once

#include "initscan/model/image_files.h"
#include "initscan/model/sbom.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxPackages = 200'000;        // of one image
inline constexpr std::size_t kMaxDatabaseBytes = 64 << 20;  // one package database; a large Debian's has 10 MB

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

// What an analyzer says of a file that the traversal meets. perhaps: only its first bytes can tell.
enum class Wanted : std::uint8_t { no, yes, perhaps };

inline constexpr std::size_t kHeadBytes = 64;  // that tell what a file is

// Says what software some files of an image declare. It keeps no state between files, nor between images. What it
// cannot read goes into Inventory::incomplete with its place; the packages that it read before stay: a damaged database
// still shows what is bad in its sound part.
//
// Files that have a place of their own, as a distribution's database has, are looked up there, through links and on
// other mounts. Files that may be anywhere are met in the one traversal of the image, which asks each analyzer.
class Analyzer {
 public:
  virtual ~Analyzer() = default;

  /// Asks for the files whose names it knows. All analyzers do so before the traversal.
  virtual void look_up(const ImageFiles&, Inventory&) const {}

  /// Whether it has to be asked in the traversal. Where none has, nothing of the image is opened there but its folders.
  virtual bool traverses() const { return false; }

  /// Whether it wants an entry that the traversal meets; cheap, it is asked for each. Where it says perhaps it is asked
  /// once more with the first kHeadBytes bytes, fewer where the file has fewer. A wanted file that cannot be opened is
  /// unreadable in the image's coverage.
  virtual Wanted wants(std::string_view /*path*/, FileKind /*kind*/, std::optional<std::string_view> /*head*/) const {
    return Wanted::no;
  }

  /// Reads a file that it wanted. `path` and `file` are there for the time of the call.
  virtual void analyze(std::string_view /*path*/, const FileView& /*file*/, Inventory&) const {}
};

using Analyzers = std::vector<std::unique_ptr<Analyzer>>;

/// Every analyzer there is. To add one: write it, list it in all_analyzers.cc.
Analyzers all_analyzers();

/// Runs all of them over one image. The packages come back sorted; coverage says what was seen, and what is incomplete.
Sbom analyze_image(const ImageFiles& files, const Analyzers& analyzers);

}  // namespace initscan
