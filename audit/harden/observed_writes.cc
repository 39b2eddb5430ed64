#include "audit/harden/observed_writes.h"

#include "common/file_io.h"

#include <filesystem>

namespace initscan::audit {
namespace fs = std::filesystem;

Result<ObservedWrites> ObservedWrites::read(const std::string& folder) {
  std::error_code ec;
  fs::recursive_directory_iterator entry(folder, ec);
  if (ec) return Error{Errc::io, folder + ": " + ec.message()};
  ObservedWrites observed;
  std::size_t bytes = 0;
  for (const fs::recursive_directory_iterator end; entry != end; entry.increment(ec)) {
    if (entry->symlink_status(ec).type() != fs::file_type::regular) continue;
    const std::string path = entry->path().string();
    const std::string name = entry->path().lexically_relative(folder).generic_string();
    if (!name.starts_with("images/") && !name.starts_with("workloads/")) {
      return Error{Errc::usage, path + ": want images/IMAGE or workloads/NAMESPACE/KIND/NAME/CONTAINER"};
    }
    if (observed.listings_.size() == kMaxListings)
      return Error{Errc::over_limit, folder + ": more than 10,000 listings"};
    auto text = read_file(path, kMaxListingBytes);
    if (!text) return std::move(text).error().within(path);
    bytes += text->size();
    if (bytes > kMaxListingsBytes) return Error{Errc::over_limit, folder + ": more than 256 MiB of listings"};
    auto changes = parse_file_changes(*text);
    if (!changes) return std::move(changes).error().within(path);
    observed.listings_.emplace(name, std::move(*changes));
  }
  if (ec) return Error{Errc::io, folder + ": " + ec.message()};
  return observed;
}

std::optional<std::vector<FileChange>> ObservedWrites::of(std::string_view namespace_, const Owner& owner,
                                                          std::string_view container, std::string_view image) const {
  std::string workload = "workloads/";
  for (const std::string_view part : {namespace_, std::string_view(owner.kind), std::string_view(owner.name)}) {
    workload.append(part).append("/");
  }
  workload.append(container);
  std::optional<std::vector<FileChange>> found;
  for (const std::string& name : {"images/" + std::string(image), workload}) {
    const auto listing = listings_.find(name);
    if (listing == listings_.end()) continue;
    if (!found) found.emplace();
    found->insert(found->end(), listing->second.begin(), listing->second.end());
  }
  return found;
}

}  // namespace initscan::audit
