#include "audit/harden/write_plan.h"

#include "audit/harden/write_directories.h"
#include "common/text/join.h"

#include <algorithm>
#include <map>

namespace initscan::audit {
namespace {

constexpr std::string_view kTemporary = "/tmp";

std::uint32_t size_of(WriteUse use) {
  switch (use) {
    case WriteUse::scratch: return 256;
    case WriteUse::runtime: return 16;
    case WriteUse::logs: return 256;
    case WriteUse::data: return 1024;
  }
  return 256;
}

WriteUse use_by_place(std::string_view path) {
  if (is_at_or_below(path, "/run") || is_at_or_below(path, "/var/run") || is_at_or_below(path, "/var/lock")) {
    return WriteUse::runtime;
  }
  return is_at_or_below(path, "/var/log") ? WriteUse::logs : WriteUse::scratch;
}

bool has_content_in_images(std::string_view path) {
  constexpr std::string_view kTrees[] = {"/bin", "/boot", "/etc", "/lib", "/lib64", "/sbin", "/usr"};
  constexpr std::string_view kPackaged[] = {"/var/lib/mysql", "/var/lib/dpkg", "/var/lib/apt"};
  const auto holds = [&](std::string_view tree) { return is_at_or_below(path, tree); };
  const bool is_shallow = path.rfind('/') == 0 && path != "/data" && path != "/tmp" && path != "/run";
  // Debian's package makes its first cluster there when it is installed.
  const bool is_cluster = path.starts_with("/var/lib/postgresql/") && path.ends_with("/main");
  return is_shallow || is_cluster || path == "/var" || path == "/var/lib" ||
         std::any_of(std::begin(kTrees), std::end(kTrees), holds) ||
         std::any_of(std::begin(kPackaged), std::end(kPackaged), holds);
}

std::vector<Mount> normal_mounts(const Container& container) {
  std::vector<Mount> mounts = container.mounts;
  for (Mount& mount : mounts) {
    while (mount.path.ends_with('/')) mount.path.pop_back();
  }
  return mounts;
}

class Planner {
 public:
  Planner(const Container& container, const std::optional<std::vector<FileChange>>& observed)
      : mounts_(normal_mounts(container)), facts_(program_of(container)) {
    want(kTemporary, WriteUse::scratch);
    if (facts_.program) {
      // What a person wrote on the command line holds, observed or not.
      for (const NamedPath& named : paths_of_options(*facts_.program, container)) want_named(named);
    }
    observed ? take_observed(*observed) : take_known();
  }

  WritePlan plan() && {
    WritePlan plan;
    for (const auto& [path, use] : wanted_) {
      if (!has_wanted_above(path)) {
        plan.volumes.push_back({path, size_of(use), use == WriteUse::runtime});
        if (use == WriteUse::data) data_.push_back(path);
      }
    }
    if (plan.volumes.size() > kMaxEmptyDirs) {
      notes_.push_back("it writes to " + std::to_string(plan.volumes.size()) +
                       " directories, too many for volumes; the patch has the first " + std::to_string(kMaxEmptyDirs));
      plan.volumes.resize(kMaxEmptyDirs);
    }
    if (!data_.empty()) {
      notes_.push_back(join_some(data_, kMaxEmptyDirs) +
                       " holds data: an emptyDir loses it with the pod, a PersistentVolumeClaim keeps it");
    }
    plan.notes = std::move(notes_);
    return plan;
  }

 private:
  void want(std::string_view path, WriteUse use) {
    if (const Mount* mount = mount_of(mounts_, path)) {
      if (mount->read_only) notes_.push_back(std::string(path) + " may be written, but is mounted read-only");
      return;
    }
    const auto [entry, is_new] = wanted_.try_emplace(std::string(path), use);
    if (!is_new) entry->second = std::max(entry->second, use);
  }

  // An option may name a directory that comes with the image, and an empty one would take its place.
  void want_named(const NamedPath& named) {
    if (!mount_of(mounts_, named.path) && has_content_in_images(named.path)) {
      notes_.push_back(named.path + " (" + named.option +
                       ") usually comes with the image: mount a volume with that content there");
    } else {
      want(named.path, named.use);
    }
  }

  bool has_wanted_above(const std::string& path) const {
    return std::any_of(wanted_.begin(), wanted_.end(),
                       [&](const auto& other) { return other.first != path && is_at_or_below(path, other.first); });
  }

  void take_known() {
    if (!facts_.program) {
      notes_.push_back(
          "write paths unknown: its program is not known; the patch has /tmp only. Run it once and give what `podman "
          "diff` or `docker diff` lists as an observation");
      return;
    }
    for (const WritePath& known : facts_.program->paths) want(known.path, known.use);
    notes_.push_back("write paths guessed: " + facts_.by + " says " + std::string(facts_.program->name));
    if (!facts_.program->note.empty()) notes_.emplace_back(facts_.program->note);
  }

  void take_observed(const std::vector<FileChange>& observed) {
    std::vector<std::string> scratch;
    std::map<std::string, WriteUse, std::less<>> uses;
    for (const auto& [path, use] : wanted_) scratch.push_back(path);
    if (facts_.program) {
      for (const WritePath& known : facts_.program->paths) {
        scratch.emplace_back(known.path);
        uses.emplace(known.path, known.use);
      }
    }
    const WriteDirectories found = write_directories(observed, mounts_, scratch);
    for (const std::string& path : found.directories) {
      const auto known = uses.find(path);
      want(path, known == uses.end() ? use_by_place(path) : known->second);
    }
    notes_.emplace_back("write paths observed");
    if (!found.left_out.empty()) {
      notes_.push_back("it also wrote " + join_some(found.left_out, 5) +
                       ", beside files of the image: move that to a separate directory, or mount a volume there");
    }
  }

  const std::vector<Mount> mounts_;
  const ProgramFacts facts_;
  std::map<std::string, WriteUse> wanted_;
  std::vector<std::string> data_;
  std::vector<std::string> notes_;
};

}  // namespace

WritePlan plan_writes(const Container& container, const std::optional<std::vector<FileChange>>& observed) {
  return Planner(container, observed).plan();
}

}  // namespace initscan::audit
