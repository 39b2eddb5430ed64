#include "initscan/matchers.h"

#include "initscan/match/match_answer.h"
#include "initscan/policy/evidence.h"
#include "initscan/sbom/cyclonedx_writer.h"

#include <variant>

#include <unistd.h>

namespace initscan {
namespace {

Result<AdvisoryIndex> open_index(const std::string& path) {
  auto index = AdvisoryIndex::open(path);
  if (index || access(path.c_str(), F_OK) == 0) return index;
  return Error{Errc::not_found, index.error().text};
}

std::string path_of_overlay(const ScanRequest& request) {
  return request.overlay_path.empty() ? request.index_path + std::string(kOverlaySuffix) : request.overlay_path;
}

// One that is named has to be there. What lies beside the index, and cannot be read, is not taken for nothing.
Result<std::optional<Overlay>> open_overlay(const ScanRequest& request) {
  auto overlay = Overlay::open(path_of_overlay(request));
  if (overlay) return std::optional<Overlay>(std::move(*overlay));
  const bool may_be_missing = request.overlay_path.empty() && overlay.error().code == Errc::not_found;
  if (may_be_missing) return std::optional<Overlay>();
  return Error{Errc::io, overlay.error().text};  // and not that the index is not there
}

ReasonId id_of(Delivery delivery) {
  switch (delivery) {
    case Delivery::refused: return ReasonId::server_refused;
    case Delivery::misunderstood: return ReasonId::server_answer;
    case Delivery::answered:
    case Delivery::unreachable: break;
  }
  return ReasonId::server_unreachable;
}

// Asks the server about one SBOM after the other, as long as there is time.
class Asking {
 public:
  explicit Asking(const ServerToAsk& server) : server_(server), left_(server.time) {}

  std::variant<std::string, Reason> operator()(std::string_view document) {
    if (server_.courier == nullptr) return Reason{ReasonId::server_unreachable, "the server: " + server_.fault};
    const auto start = std::chrono::steady_clock::now();
    CourierReply reply = server_.courier->carry(Errand::match, document, left_, kMaxMatchAnswerBytes);
    left_ -= std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    if (reply.delivery == Delivery::answered) return std::move(reply.words);
    return Reason{id_of(reply.delivery), "the server: " + reply.words};
  }

 private:
  const ServerToAsk& server_;
  std::chrono::milliseconds left_;
};

}  // namespace

Result<std::unique_ptr<Matchers>> Matchers::open(const ScanRequest& request) {
  std::unique_ptr<Matchers> matchers(new Matchers);
  const bool needs_index = !request.server || request.policy.on_unavailable == Unavailable::local;
  std::string fault;
  if (needs_index) {
    const auto used = matchers->use_index(request);
    if (!used && !request.server) return used.error();
    if (!used) fault = "nor can the local index be asked: " + used.error().text;
    if (!used && !id_in(used.error())) fault += "; name it with --db";
  }
  if (request.server) matchers->ask_server(request, std::move(fault));
  return matchers;
}

Result<void> Matchers::use_index(const ScanRequest& request) {
  auto index = open_index(request.index_path);
  if (!index) return index.error();
  auto overlay = open_overlay(request);
  if (!overlay) return with_id(overlay.error(), ReasonId::overlay_unreadable);
  index_.emplace(std::move(*index));
  overlay_ = std::move(*overlay);
  PlacedOverlay placed;
  if (overlay_) placed = {&*overlay_, path_of_overlay(request)};
  local_.emplace(*index_, request.index_path, index_->data_date(), std::move(placed));
  return {};
}

void Matchers::ask_server(const ScanRequest& request, std::string no_instead) {
  const auto too_old_for = [&request](const MatchResult& result, std::string data_date) {
    return too_old(request.policy, request.now, result, std::move(data_date));
  };
  remote_.emplace(RemoteMatching{write_cyclonedx, Asking(*request.server), too_old_for, local_ ? &*local_ : nullptr,
                                 std::move(no_instead)});
}

}  // namespace initscan
