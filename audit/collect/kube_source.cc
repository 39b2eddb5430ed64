#include "audit/collect/kube_source.h"

#include "audit/collect/json_parse.h"
#include "audit/collect/pod_reader.h"
#include "audit/collect/seen_pods.h"
#include "common/json/element.h"
#include "common/json/parts.h"
#include "common/json/splitter.h"
#include "common/names.h"

#include <boost/asio/use_awaitable.hpp>

namespace initscan::audit {
namespace {

namespace asio = boost::asio;
namespace dom = simdjson::dom;

constexpr unsigned kPage = 500;
constexpr const char* kPods = "/api/v1/pods";

// Of owners only their owners are needed: a tenth of the bytes.
constexpr const char* kOnlyMetadata = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

std::string accept_of(FactKind kind) {
  return kind == FactKind::replica_set || kind == FactKind::job ? kOnlyMetadata : "application/json";
}

// What is left of a page when its items are taken out: a list of what was asked for, and not a Status, or a list of
// something else that only looks empty. "" where it is.
std::string list_problem(const JsonPiece& head, std::string_view object_kind) {
  dom::parser parser;
  const auto root = parse_json(head.json, parser);
  if (!root) return root.error().text;
  const std::string_view kind = text_in(*root, "kind");
  const std::string wanted = std::string(object_kind) + "List";
  if (kind != wanted && kind != "PartialObjectMetadataList") {
    return "the answer is not a " + wanted + ", but " + (kind.empty() ? "has no kind" : "a " + std::string(kind));
  }
  dom::element items;
  if ((*root)["items"].get(items) != simdjson::SUCCESS || !(items.is_array() || items.is_null())) {
    return "the " + wanted + " has no items";
  }
  return {};
}

// The objects of one page, one by one; or why one of them, or the page, cannot be read.
template <class OnObject, class OnError>
void each_item(const std::string& page, std::string_view object_kind, OnObject on_object, OnError on_error) {
  dom::parser parser;
  bool is_list = false;
  const auto take = [&](const JsonPiece& piece) {
    if (piece.item == 0) {
      is_list = true;
      if (std::string problem = list_problem(piece, object_kind); !problem.empty()) on_error(std::move(problem));
      return;
    }
    if (piece.is_too_large) {
      return on_error(std::to_string(piece.bytes) + " bytes; the limit of one object is " +
                      std::to_string(kMaxItemBytes));
    }
    const auto object = parse_json(piece.json, parser);
    if (!object) return on_error(object.error().text);
    on_object(*object);
  };
  JsonSplitter splitter(take);
  auto fed = splitter.feed(page);
  if (fed) fed = splitter.finish();
  if (!fed) return on_error(fed.error().text);
  if (!is_list) on_error("the answer is empty");
}

std::string pod_place(const dom::element& object) {
  const auto metadata = object["metadata"];
  return std::string("pod ")
      .append(text_in(metadata, "namespace", "?"))
      .append("/")
      .append(text_in(metadata, "name", "?"));
}

}  // namespace

KubeSource::KubeSource(KubeConfig config, KubeSourceOptions options) : config_(std::move(config)), options_(options) {}

asio::awaitable<Result<void>> KubeSource::read_facts(FactsBuilder& builder) {
  KubeClient client(config_);
  KubeRequest request;
  request.path = "/version";
  auto version = co_await client.ask(std::move(request));
  if (!version) co_return version.error();
  if (version->ok()) version_ = text_in(version->object, "gitVersion");

  for (const FactKindNames& names : kFactKindNames) {
    const auto on_page = [&](const std::string& page, bool first) -> Result<void> {
      if (first) builder.forget(names.kind);
      each_item(
          page, names.object, [&](const dom::element& object) { builder.add(names.kind, object); },
          [&](std::string error) { builder.unknown(names.kind, std::move(error)); });
      return {};
    };
    auto listed = co_await client.list(std::string(names.path), kPage, on_page, accept_of(names.kind));
    // If initscan is not installed, it has no objects: that is known, and not a gap.
    const bool is_absent = !listed && names.group == names::kGroup && listed.error().code == Errc::not_found;
    if (listed || is_absent) {
      builder.known(names.kind);
    } else {
      builder.unknown(names.kind, listed.error().text);
    }
  }
  co_return Result<void>{};
}

Result<ClusterFacts> KubeSource::facts() {
  FactsBuilder builder;
  if (const auto done = run_blocking([&] { return read_facts(builder); }, options_.longest); !done) {
    unreachable_ = done.error().text;
    for (const FactKindNames& names : kFactKindNames) builder.unknown(names.kind, unreachable_);
  }
  const std::map<std::string, KubeletAddress> kubelets = builder.kubelets();
  ClusterFacts facts = std::move(builder).finish();
  facts.name = config_.context;
  facts.version = version_;
  if (options_.kubelets) add_write_layers(kubelets, facts);
  return facts;
}

void KubeSource::add_write_layers(const std::map<std::string, KubeletAddress>& kubelets, ClusterFacts& facts) const {
  if (!facts.nodes) {
    facts.gaps.push_back({"write layers", facts.nodes.why_not});
    return;
  }
  NodeWriteLayers found = ask_kubelets(config_, kubelets, *options_.kubelets);
  facts.write_layers = std::move(found.layers);
  facts.write_layer_gaps = std::move(found.gaps);
  for (const auto& [name, node] : *facts.nodes) {
    if (!kubelets.contains(name)) facts.write_layer_gaps.emplace(name, "the node has no InternalIP");
  }
  GapList gaps;
  for (const auto& [node, reason] : facts.write_layer_gaps) gaps.add("write layers of node " + node, reason);
  for (Gap& gap : gaps.take()) facts.gaps.push_back(std::move(gap));
}

asio::awaitable<Result<void>> KubeSource::read_pods(const OnPod& on_pod, GapList& gaps) {
  KubeClient client(config_);
  SeenPods seen;
  const auto on_page = [&](const std::string& page, bool) -> Result<void> {
    each_item(
        page, "Pod",
        [&](const dom::element& object) {
          const auto pod = read_pod(object);
          if (!pod) {
            gaps.add(pod_place(object), pod.error().text);
          } else if (seen.add(*pod)) {
            on_pod(*pod);
          }
        },
        [&](std::string error) { gaps.add("pods", std::move(error)); });
    return {};
  };
  auto listed = co_await client.list(kPods, kPage, on_page);
  if (!listed) co_return listed.error();
  co_return Result<void>{};
}

Result<std::vector<Gap>> KubeSource::pods(const OnPod& on_pod) {
  GapList gaps;
  if (!unreachable_.empty()) {
    gaps.add("pods", unreachable_);
    return gaps.take();
  }
  const auto done = run_blocking([&] { return read_pods(on_pod, gaps); }, options_.longest);
  if (!done) gaps.add("pods", done.error().text);
  return gaps.take();
}

}  // namespace initscan::audit
