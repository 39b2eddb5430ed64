#include "server/watch/block_event.h"

#include "common/json/parts.h"
#include "common/names.h"
#include "common/text/lines.h"
#include "common/text/visible.h"
#include "common/time/now.h"
#include "initscan/model/gate_line.h"

#include <boost/asio/use_awaitable.hpp>

namespace initscan::server {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

constexpr unsigned kConflict = 409;
constexpr unsigned kNotFound = 404;
constexpr std::size_t kMaxWordsBytes = 600;  // of an event's 1,024

std::string gate_words(const Json& status) {
  for (const char* const when : {"state", "lastState"}) {
    const std::string message = text_in(object_in(object_in(status, when), "terminated"), "message");
    std::string_view words = words_for_people(message);
    if (!words.empty()) return visible(take_line(words)).substr(0, kMaxWordsBytes);
  }
  return {};
}

std::string waiting_words(const Json& statuses) {
  for (const Json& status : statuses) {
    const Json& waiting = object_in(object_in(status, "state"), "waiting");
    const std::string reason = text_in(waiting, "reason");
    if (!text_in(status, "name").starts_with(names::kReserved) || reason == "PodInitializing" || reason.empty())
      continue;
    return visible(text_in(status, "name") + ": " + reason + ": " + text_in(waiting, "message"))
        .substr(0, kMaxWordsBytes);
  }
  return {};
}

std::string sentence_of(const BlockedPod& blocked) {
  std::string sentence;
  switch (blocked.reason) {
    case BlockReason::gate_failed: sentence = "initscan's gate refuses this pod"; break;
    case BlockReason::undecided: sentence = "initscan's gate could not decide, so this pod does not start"; break;
    case BlockReason::image_pull: sentence = "this pod cannot be scanned, because an image cannot be pulled"; break;
    case BlockReason::create_error: sentence = "this pod cannot be scanned, because a container cannot be made"; break;
  }
  if (!blocked.words.empty()) sentence += ": " + blocked.words;
  return sentence + "; see kubectl logs " + blocked.name + " -c " + names::kGate;
}

const char* word_of(BlockReason reason) {
  switch (reason) {
    case BlockReason::gate_failed: return "ScanFailed";
    case BlockReason::undecided: return "ScanUndecided";
    case BlockReason::image_pull: return "ScanImagePull";
    case BlockReason::create_error: return "ScanCreateError";
  }
  return "ScanUndecided";
}

// A name of an object; no reason has an underscore in it.
std::string event_name(const BlockedPod& blocked) {
  std::string reason(to_string(blocked.reason));
  for (char& c : reason) c = c == '_' ? '-' : c;
  return std::string(names::kReserved) + "blocked." + blocked.uid + '.' + reason;
}

}  // namespace

BlockedPod blocked_pod_of(const Json& pod, BlockReason reason) {
  const Json& metadata = object_in(pod, "metadata");
  const Json& statuses = list_in(object_in(pod, "status"), "initContainerStatuses");
  BlockedPod blocked{text_in(metadata, "namespace"), text_in(metadata, "name"), text_in(metadata, "uid"), reason, {}};
  if (reason == BlockReason::image_pull || reason == BlockReason::create_error) {
    blocked.words = waiting_words(statuses);
    return blocked;
  }
  for (const Json& status : statuses) {
    if (text_in(status, "name") == names::kGate) blocked.words = gate_words(status);
  }
  return blocked;
}

KubeEvent event_of(const BlockedPod& blocked, const std::string& component) {
  return {event_name(blocked),
          {"v1", "Pod", blocked.namespace_, blocked.name, blocked.uid},
          word_of(blocked.reason),
          sentence_of(blocked),
          true,
          component};
}

void BlockEvents::add(BlockedPod blocked) {
  if (waiting_.size() == kMaxWaitingEvents) {
    ++lost_;
    return;
  }
  waiting_.push_back(std::move(blocked));
}

asio::awaitable<Result<void>> BlockEvents::write() {
  while (!waiting_.empty()) {
    const BlockedPod blocked = waiting_.front();
    const KubeRequest request = creation_of(event_of(blocked, component_), current_time());
    const auto reply = co_await client_.ask(request);
    if (!reply) co_return reply.error();
    // The pod's namespace may be on its way out (403), as the pod may be: the others are told of all the same.
    if (!waiting_.empty()) waiting_.pop_front();
    const bool is_done = reply->ok() || reply->status == kConflict || reply->status == kNotFound;
    if (!is_done) co_return refusal(request, *reply);
  }
  co_return Result<void>{};
}

}  // namespace initscan::server
