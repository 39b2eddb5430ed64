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

// One name is enough: whether anything is in the folder.
constexpr std::size_t kMaxNames = 1;

}  // namespace

void ForeignDatabases::analyze(const ImageFiles& files, Inventory& inventory) const {
  for (const Folder& folder : kFolders) {
    // What cannot be looked at may not be there at all: the walk over the image counts it as unreadable.
    const auto exists = files.exists(folder.path);
    if (!exists || !*exists) continue;
    const auto names = files.list(folder.path, kMaxNames);
    if (names && (!names->has_value() || (*names)->empty())) continue;
    inventory.unmatched.push_back(std::string(folder.path) + ": " + folder.kind + ", which is not read yet");
  }
}

}  // namespace initscan
