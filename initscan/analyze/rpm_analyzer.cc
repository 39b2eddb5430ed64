#include "initscan/analyze/rpm_analyzer.h"

#include "initscan/analyze/rpm_databases.h"
#include "initscan/analyze/rpm_manifest.h"
#include "initscan/analyze/rpm_package.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>

namespace initscan {
namespace {

// Where distributions have it: since Fedora 36 and SLE 15, rpm-ostree, and all before. The last is often a link to one
// of the others.
constexpr std::array<const char*, 3> kFolders{"usr/lib/sysimage/rpm", "usr/share/rpm", "var/lib/rpm"};
constexpr const char* kManifestFolder = "var/lib/rpmmanifest";
constexpr const char* kManifest = "var/lib/rpmmanifest/container-manifest-2";

constexpr std::size_t kMaxNames = 1000;  // in a folder: rpm's oldest backend has about 20, and locks

enum class Kind : std::uint8_t { sqlite, ndb, berkeley };
struct DatabaseName {
  const char* name;
  Kind kind;
};
constexpr std::array<DatabaseName, 3> kNames{
    {{"rpmdb.sqlite", Kind::sqlite}, {"Packages.db", Kind::ndb}, {"Packages", Kind::berkeley}}};

// What one database holds.
struct Contents {
  std::string path;
  std::vector<Package> packages;
};

auto identity(const Package& package) {
  return std::tie(package.name, package.version, package.architecture);
}

bool precedes_in_identity(const Package& a, const Package& b) {
  return identity(a) < identity(b);
}

std::string called(const Package& package) {
  return package.name + ' ' + package.version;
}

// The packages of one database that another does not have; both sorted.
std::vector<Package> missing_in(const Contents& other, const Contents& own) {
  std::vector<Package> missing;
  std::set_difference(own.packages.begin(), own.packages.end(), other.packages.begin(), other.packages.end(),
                      std::back_inserter(missing), precedes_in_identity);
  return missing;
}

// One run over one image.
class RpmLookup {
 public:
  RpmLookup(const ImageFiles& files, Inventory& inventory) : files_(files), inventory_(inventory) {
    // Other distributions have rpm as a tool, whose database is empty or not there.
    const Distribution* const distribution = find_distribution(inventory.os.id);
    is_guest_ = distribution != nullptr && distribution->type != PackageType::rpm && !inventory.databases.empty();
  }

  void run() {
    for (const char* const folder : kFolders) look_in(folder);
    look_for_manifest();
    take_all();
  }

 private:
  void note(std::string_view place, const Error& error) {
    inventory_.incomplete.push_back(std::string(place) + ": " + error.text);
  }

  // Whether anything is there. What may not be looked at may not be there at all: the walk counts it as unreadable.
  bool is_there(const std::string& path) {
    const auto exists = files_.exists(path);
    if (!exists && exists.error().code != Errc::io) note(path, exists.error());
    return exists && *exists;
  }

  void look_in(const std::string& folder) {
    if (!is_there(folder)) return;
    bool has_database = false;
    for (const DatabaseName& name : kNames) has_database |= read_database(folder + '/' + name.name, name.kind);
    if (has_database || is_guest_) return;
    const auto names = files_.list(folder, kMaxNames);
    if (!names) return note(folder, names.error());
    if (!names->has_value() || (*names)->empty()) return;
    inventory_.incomplete.push_back(folder + ": is left over from rpm, whose package database is gone");
  }

  // False where it is not there.
  bool read_database(const std::string& path, Kind kind) {
    const auto file = files_.open(path);
    if (file && *file == nullptr) return false;
    inventory_.databases.push_back({PackageType::rpm, path});
    if (!file) {
      note(path, file.error());
      return true;
    }
    Contents contents{path, {}};
    std::size_t keys = 0;
    const auto read = read_headers(path, **file, kind, sink_into(contents, keys));
    conclude_headers(path);
    if (!read) {
      note(path, read.error());
    } else if (contents.packages.empty() && !(is_guest_ && keys == 0)) {
      inventory_.incomplete.push_back(path + ": exists but lists no package");
    }
    databases_.push_back(std::move(contents));
    return true;
  }

  HeaderSink sink_into(Contents& contents, std::size_t& keys) {
    return [this, &contents, &keys](std::uint64_t number, std::string_view bytes) -> Result<void> {
      const auto header = parse_rpm_header(bytes);
      auto package = header ? package_of_rpm(*header, contents.path) : header.error();
      if (!package) {
        if (bad_headers_++ == 0) first_bad_header_ = "header " + std::to_string(number) + ": " + package.error().text;
        return {};
      }
      if (!*package) {
        ++keys;
        return {};
      }
      if (contents.packages.size() == kMaxPackages) return Error{Errc::over_limit, "too many packages"};
      contents.packages.push_back(std::move(**package));
      return {};
    };
  }

  // One of them shows what is wrong.
  void conclude_headers(const std::string& path) {
    if (bad_headers_ == 0) return;
    const std::size_t count = std::exchange(bad_headers_, 0);
    inventory_.incomplete.push_back(
        path + ": " + std::exchange(first_bad_header_, {}) +
        (count == 1 ? "" : " (headers that are not understood: " + std::to_string(count) + ')'));
  }

  Result<void> read_headers(const std::string& path, const FileView& file, Kind kind, const HeaderSink& sink) {
    switch (kind) {
      case Kind::sqlite: return read_sqlite(path, file, sink);
      case Kind::ndb: return read_rpm_ndb(file, sink);
      case Kind::berkeley: return read_rpm_bdb(file, sink);
    }
    return {};
  }

  Result<void> read_sqlite(const std::string& path, const FileView& file, const HeaderSink& sink) {
    if (auto sound = demand_no_journal(path + "-journal"); !sound) return sound;
    const auto log = files_.open(path + "-wal");
    if (!log) return Error(log.error()).within("its log");
    return read_rpm_sqlite(file, log->get(), sink);
  }

  // SQLite without a log keeps old pages in a journal until a change is complete. Source: fileformat2.html, section 3.
  Result<void> demand_no_journal(const std::string& path) {
    constexpr std::string_view kMagic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";
    const auto journal = files_.open(path);
    if (!journal) return Error(journal.error()).within("its journal");
    if (*journal == nullptr) return {};
    std::string head(kMagic.size(), '\0');
    const auto read = (*journal)->read_at(0, head);
    if (!read) return Error(read.error()).within("its journal");
    if (*read < head.size() || head != kMagic) return {};
    return Error{Errc::malformed, "was left in the midst of a change, which its journal would undo"};
  }

  void look_for_manifest() {
    if (!is_there(kManifestFolder)) return;
    inventory_.databases.push_back({PackageType::rpm, kManifest});
    const auto text = files_.read(kManifest, kMaxDatabaseBytes);
    if (!text) return note(kManifest, text.error());
    if (!text->has_value()) {
      inventory_.incomplete.push_back(std::string(kManifestFolder) + ": has no container-manifest-2");
      return;
    }
    Contents contents{kManifest, {}};
    if (auto parsed = parse_rpm_manifest(**text, kManifest, contents.packages); !parsed) {
      note(kManifest, parsed.error());
    } else if (contents.packages.empty()) {
      inventory_.incomplete.push_back(std::string(kManifest) + ": exists but lists no package");
    }
    databases_.push_back(std::move(contents));
  }

  // Into the inventory, of the first all, and of another what it has more than the first, which contradicts it.
  void take_all() {
    for (Contents& database : databases_) {
      std::sort(database.packages.begin(), database.packages.end(), precedes_in_identity);
    }
    for (std::size_t i = 1; i < databases_.size(); ++i) take_more_of(databases_[i], databases_.front());
    if (!databases_.empty()) take(std::move(databases_.front().packages));
  }

  void take(std::vector<Package> packages) {
    std::move(packages.begin(), packages.end(), std::back_inserter(inventory_.packages));
  }

  void take_more_of(const Contents& database, const Contents& first) {
    std::vector<Package> more = missing_in(first, database);
    const std::vector<Package> less = missing_in(database, first);
    if (!more.empty() || !less.empty()) {
      const bool is_more = !more.empty();
      inventory_.incomplete.push_back((is_more ? database.path : first.path) + ": lists " +
                                      called(is_more ? more.front() : less.front()) + ", and " +
                                      (is_more ? first.path : database.path) + " does not");
    }
    take(std::move(more));
  }

  const ImageFiles& files_;
  Inventory& inventory_;
  bool is_guest_ = false;
  std::vector<Contents> databases_;
  std::size_t bad_headers_ = 0;  // of the database that is read
  std::string first_bad_header_;
};

}  // namespace

void RpmAnalyzer::look_up(const ImageFiles& files, Inventory& inventory) const {
  RpmLookup(files, inventory).run();
}

}  // namespace initscan
