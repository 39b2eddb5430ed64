#include "initscan/analyze/foreign_databases.h"

namespace initscan {
namespace {

struct Folder {
  const char* path;
  const char* kind;
};

constexpr Folder kFolders[] = {{"var/lib/rpm", "an rpm database"},
                               {"usr/lib/sysimage/rpm", "an rpm database"},
                               {"usr/share/rpm", "an rpm database"},
                               {"var/lib/rpmmanifest", "an rpm manifest"},
                               {"var/lib/pacman/local", "a pacman database"},
                               {"var/db/pkg", "a Portage database"},
                               {"usr/lib/opkg/info", "an opkg database"},
                               {"var/lib/opkg/info", "an opkg database"},
                               {"nix/store", "a Nix store"}};

constexpr std::size_t kMaxNames = 1'000'000;

}  // namespace

void ForeignDatabases::analyze(const ImageFiles& files, Inventory& inventory) const {
  for (const Folder& folder : kFolders) {
    const auto names = files.list(folder.path, kMaxNames);
    if (names && (!names->has_value() || (*names)->empty())) continue;
    inventory.databases.emplace_back(folder.path);
    inventory.incomplete.push_back(std::string(folder.path) + ": " + folder.kind + ", which is not read yet");
  }
}

}  // namespace initscan
