#include "audit/compare/history.h"
#include "common/crypto/base64.h"
#include "common/kube/client.h"

#include <algorithm>
#include <map>

namespace initscan::audit {
namespace {

using boost::asio::awaitable;
using Json = nlohmann::json;

constexpr std::chrono::seconds kLongest{60};  // of one call, with its repetitions
constexpr std::string_view kKeyPrefix = "audit-";

// A key of a ConfigMap that sorts by time: "audit-00001790000000".
std::string key_of(Time made) {
  std::string digits = std::to_string(std::max<std::int64_t>(made.time_since_epoch().count(), 0));
  return std::string(kKeyPrefix) + std::string(digits.size() < 14 ? 14 - digits.size() : 0, '0') + digits;
}

class ConfigMapHistory : public HistoryStore {
 public:
  ConfigMapHistory(KubeConfig config, std::string space, std::string name, const HistoryLimits& limits)
      : config_(std::move(config)), namespace_(std::move(space)), name_(std::move(name)), limits_(limits) {}

  Result<std::optional<KeptRecord>> latest() override {
    auto records = read();
    if (!records) return records.error();
    if (records->empty()) return std::optional<KeptRecord>{};
    const auto& [key, encoded] = *records->rbegin();
    auto packed = base64_decode(encoded);
    if (!packed) return std::move(packed).error().within(place() + ": " + key);
    return std::optional<KeptRecord>({std::move(*packed), place() + ": " + key});
  }

  Result<void> add(Time made, const std::string& packed) override {
    std::string encoded = base64_encode(packed);
    if (encoded.size() > kMaxConfigMapBytes) {
      return Error{Errc::over_limit, place() + ": a record of " + std::to_string(encoded.size() >> 10) +
                                         " KiB, more than a ConfigMap can hold; keep the history in a SQLite file"};
    }
    auto records = read();
    if (!records) return records.error();
    (*records)[key_of(made)] = std::move(encoded);
    prune(*records, made);
    return write(*records);
  }

 private:
  using Records = std::map<std::string, std::string>;

  void prune(Records& records, Time made) const {
    records.erase(records.begin(), records.lower_bound(key_of(made - limits_.longest)));
    records.erase(records.upper_bound(key_of(made)), records.end());  // of a clock that was wrong once
    std::size_t bytes = 0;
    for (const auto& [key, encoded] : records) bytes += key.size() + encoded.size();
    while (records.size() > 1 && (bytes > kMaxConfigMapBytes || records.size() > limits_.most)) {
      bytes -= records.begin()->first.size() + records.begin()->second.size();
      records.erase(records.begin());
    }
  }

  Result<Records> read() const {
    Records records;
    const auto done = run_blocking(
        [&]() -> awaitable<Result<void>> {
          KubeClient client(config_);
          KubeRequest request;
          request.path = path();
          auto reply = co_await client.ask(request);
          if (!reply) co_return reply.error();
          if (reply->status == 404) co_return Result<void>{};
          if (!reply->ok()) co_return refusal(request, *reply);
          const auto data = reply->object.find("binaryData");
          if (data == reply->object.end()) co_return Result<void>{};
          if (!data->is_object()) co_return Error{Errc::malformed, place() + ": binaryData: want an object"};
          for (const auto& [key, value] : data->items()) {
            if (key.starts_with(kKeyPrefix) && value.is_string()) records[key] = value.get<std::string>();
          }
          co_return Result<void>{};
        },
        kLongest);
    if (!done) return done.error();
    return records;
  }

  Result<void> write(const Records& records) const {
    const Json object = {{"apiVersion", "v1"},
                         {"kind", "ConfigMap"},
                         {"metadata", {{"name", name_}, {"namespace", namespace_}}},
                         {"binaryData", records}};
    return run_blocking(
        [&]() -> awaitable<Result<void>> {
          KubeClient client(config_);
          auto applied = co_await client.apply(path(), object);
          if (!applied) co_return applied.error();
          co_return Result<void>{};
        },
        kLongest);
  }

  std::string path() const { return "/api/v1/namespaces/" + namespace_ + "/configmaps/" + name_; }
  std::string place() const { return "ConfigMap " + namespace_ + '/' + name_; }

  const KubeConfig config_;
  const std::string namespace_;
  const std::string name_;
  const HistoryLimits limits_;
};

}  // namespace

std::unique_ptr<HistoryStore> config_map_history(KubeConfig config, std::string namespace_, std::string name,
                                                 const HistoryLimits& limits) {
  return std::make_unique<ConfigMapHistory>(std::move(config), std::move(namespace_), std::move(name), limits);
}

}  // namespace initscan::audit
