#include "initscan/analyze/foreign_databases.h"

#include <algorithm>
#include <string>

namespace initscan {
namespace {

struct Folder {
  const char* path;
  const char* kind;
};

constexpr Folder kFolders[] = {{"var/lib/pacman/local", "a pacman database"},
                               {"var/db/pkg", "a Portage database"},
                               {"usr/lib/opkg/info", "an opkg database"},
                               {"var/lib/opkg/info", "an opkg database"},
                               {"nix/store", "a Nix store"},
                               {"gnu/store", "a Guix store"},
                               {"var/lib/chisel/manifest.wall", "a Chisel manifest"},
                               {"var/db/xbps", "an XBPS database"},
                               {"var/lib/pkgtools/packages", "a pkgtools database"},
                               {"var/log/packages", "a pkgtools database"},
                               {"var/lib/eopkg/package", "an eopkg database"},
                               {"conda-meta", "a Conda environment"},
                               {"opt/conda/conda-meta", "a Conda environment"},
                               {"opt/miniconda3/conda-meta", "a Conda environment"},
                               {"opt/miniforge3/conda-meta", "a Conda environment"},
                               {"usr/local/conda-meta", "a Conda environment"},
                               {"home/linuxbrew/.linuxbrew/Cellar", "Homebrew's packages"},
                               {"opt/homebrew/Cellar", "Homebrew's packages"},
                               {"usr/local/Cellar", "Homebrew's packages"}};

// Bitnami's images have an SPDX document for each component, in the component's folder.
constexpr const char* kBitnami = "opt/bitnami";
constexpr std::size_t kMaxComponents = 1000;
constexpr std::size_t kMaxComponentFiles = 10'000;

bool has_spdx(const ImageFiles& files, const std::string& folder) {
  const auto names = files.list(folder, kMaxComponentFiles);
  if (!names) return names.error().code == Errc::over_limit;
  return names->has_value() && std::any_of((*names)->begin(), (*names)->end(), [](const std::string& name) {
           return name.starts_with(".spdx-") && name.ends_with(".spdx");
         });
}

void look_for_bitnami(const ImageFiles& files, Inventory& inventory) {
  const auto components = files.list(kBitnami, kMaxComponents);
  if (!components || !components->has_value()) return;
  for (const std::string& component : **components) {
    const std::string folder = std::string(kBitnami) + '/' + component;
    if (!has_spdx(files, folder)) continue;
    inventory.unmatched.push_back(folder + ": a Bitnami component, which is not read yet");
    return;
  }
}

// One name is enough: whether anything is in the folder.
constexpr std::size_t kMaxNames = 1;

}  // namespace

void ForeignDatabases::look_up(const ImageFiles& files, Inventory& inventory) const {
  for (const Folder& folder : kFolders) {
    // What cannot be looked at may not be there at all: the walk over the image counts it as unreadable.
    const auto exists = files.exists(folder.path);
    if (!exists || !*exists) continue;
    const auto names = files.list(folder.path, kMaxNames);
    if (names && (!names->has_value() || (*names)->empty())) continue;
    inventory.unmatched.push_back(std::string(folder.path) + ": " + folder.kind + ", which is not read yet");
  }
  look_for_bitnami(files, inventory);
}

}  // namespace initscan
