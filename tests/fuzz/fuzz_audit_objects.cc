// Whatever an object says: it is read, or there is a reason; and reading it as any kind of fact leaves facts or gaps.
#include "audit/collect/facts_builder.h"
#include "audit/collect/json_parse.h"
#include "audit/collect/pod_reader.h"
#include "audit/collect/stats_reader.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace initscan::audit;
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  simdjson::dom::parser parser;
  const auto object = parse_json(json, parser);
  if (!object) return object.error().text.empty() ? (std::abort(), 0) : 0;

  const auto pod = read_pod(*object);
  if (pod ? pod->name.empty() : pod.error().text.empty()) std::abort();

  FactsBuilder builder;
  for (const FactKindNames& names : kFactKindNames) {
    builder.add(names.kind, *object);
    builder.known(names.kind);
  }
  const ClusterFacts facts = std::move(builder).finish();
  if (!facts.nodes && facts.nodes.why_not.empty()) std::abort();
  if (!facts.budgets && facts.gaps.empty()) std::abort();

  WriteLayers layers;
  const auto read = read_stats_summary(json, layers);
  if (!read && !layers.empty()) std::abort();
  return 0;
}
