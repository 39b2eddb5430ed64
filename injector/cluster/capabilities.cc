#include "injector/cluster/capabilities.h"

#include "common/json/parse.h"
#include "common/json/parts.h"

#include <charconv>
#include <utility>

#include <boost/asio/use_awaitable.hpp>

namespace initscan::injector {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

constexpr unsigned kNodesPerPage = 100;  // a node lists its images: tens of kilobytes each

// "v1.35.0-x" -> {1, 35}; {0, 0} where it is no version.
std::pair<int, int> version_of(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  std::pair<int, int> version;
  const char* const end = text.data() + text.size();
  const auto [after_major, no_major] = std::from_chars(text.data(), end, version.first);
  if (no_major != std::errc() || after_major == end || *after_major != '.') return {};
  const auto [after_minor, no_minor] = std::from_chars(after_major + 1, end, version.second);
  return no_minor == std::errc() ? version : std::pair(0, 0);
}

bool is_able(const Json& node) {
  const Json& info = object_in(object_in(node, "status"), "nodeInfo");
  return text_in(info, "operatingSystem", "linux") != "linux" ||
         has_image_volumes(text_in(info, "kubeletVersion"), text_in(info, "containerRuntimeVersion"));
}

}  // namespace

bool has_image_volumes(std::string_view kubelet, std::string_view runtime) {
  if (version_of(kubelet) < std::pair(1, 35)) return false;
  const std::size_t colon = runtime.find("://");
  if (colon == runtime.npos) return false;
  const std::string_view name = runtime.substr(0, colon);
  const auto version = version_of(runtime.substr(colon + 3));
  return (name == "containerd" && version >= std::pair(2, 1)) || (name == "cri-o" && version >= std::pair(1, 33));
}

asio::awaitable<Result<Mode>> best_mode(KubeClient& client) {
  KubeRequest request;
  request.path = "/version";
  auto reply = co_await client.demand(std::move(request));
  if (!reply) co_return reply.error();
  if (version_of(text_in(reply->object, "gitVersion")) < std::pair(1, 35)) co_return Mode::copy;

  bool all_able = true;
  auto listed =
      co_await client.list("/api/v1/nodes", kNodesPerPage, [&](const std::string& body, bool first) -> Result<void> {
        if (first) all_able = true;
        const Json page = json_or_null(body);
        if (!page.is_object()) return Error{Errc::malformed, "nodes: no list"};
        const Json& items = value_in(page, "items");
        if (!items.is_array() && !items.is_null()) return Error{Errc::malformed, "nodes: items: want a list"};
        for (const Json& node : list_in(page, "items")) all_able = all_able && is_able(node);
        return {};
      });
  if (!listed) co_return listed.error();
  co_return all_able ? Mode::volume : Mode::copy;
}

}  // namespace initscan::injector
