#include "injector/cluster/certificate_keeper.h"

#include "common/crypto/base64.h"
#include "common/json/parts.h"
#include "common/json/tree_text.h"
#include "common/time/now.h"

#include <boost/asio/use_awaitable.hpp>

namespace initscan::injector {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

struct Field {
  const char* key;
  std::string& (*of)(TlsState&);
};

// ca.crt, tls.crt and tls.key are what other tools expect in such a Secret.
constexpr Field kFields[] = {
    {"ca.crt", [](TlsState& s) -> std::string& { return s.bundle; }},
    {"tls.crt", [](TlsState& s) -> std::string& { return s.leaf.certificate; }},
    {"tls.key", [](TlsState& s) -> std::string& { return s.leaf.key; }},
    {"authority.crt", [](TlsState& s) -> std::string& { return s.authority.certificate; }},
    {"authority.key", [](TlsState& s) -> std::string& { return s.authority.key; }},
    {"next-authority.crt", [](TlsState& s) -> std::string& { return s.next.certificate; }},
    {"next-authority.key", [](TlsState& s) -> std::string& { return s.next.key; }},
};

}  // namespace

TlsState tls_state_of(const Json& secret) {
  TlsState state;
  const Json& data = object_in(secret, "data");
  for (const Field& field : kFields) {
    if (auto bytes = base64_decode(text_in(data, field.key))) field.of(state) = std::move(*bytes);
  }
  return state;
}

Json secret_data(const TlsState& state) {
  TlsState copy = state;
  Json data = Json::object();
  for (const Field& field : kFields) data[field.key] = base64_encode(field.of(copy));
  return data;
}

CertificateKeeper::CertificateKeeper(KubeClient& client, std::string namespace_name, std::string secret,
                                     std::string configuration, std::vector<std::string> names, const TlsLives& lives)
    : client_(client),
      namespace_name_(std::move(namespace_name)),
      secret_(std::move(secret)),
      configuration_(std::move(configuration)),
      names_(std::move(names)),
      lives_(lives) {}

asio::awaitable<Result<void>> CertificateKeeper::keep() {
  auto state = co_await keep_secret();
  if (!state) co_return state.error();
  if (configuration_.empty()) co_return Result<void>{};
  const std::string group = "/apis/admissionregistration.k8s.io/v1/";
  auto mutating = co_await keep_bundle(group + "mutatingwebhookconfigurations/" + configuration_, state->bundle);
  auto validating = co_await keep_bundle(group + "validatingwebhookconfigurations/" + configuration_, state->bundle);
  co_return mutating ? validating : mutating;
}

asio::awaitable<Result<TlsState>> CertificateKeeper::keep_secret() {
  const std::string collection = "/api/v1/namespaces/" + namespace_name_ + "/secrets";
  KubeRequest request;
  request.path = collection + '/' + secret_;
  auto reply = co_await client_.ask(request);
  if (!reply) co_return reply.error();
  const bool is_new = reply->status == 404;
  if (!is_new && !reply->ok()) co_return refusal(request, *reply);

  const TlsState before = is_new ? TlsState{} : tls_state_of(reply->object);
  const auto now = current_time();
  auto after = plan(before, names_, now, lives_);
  if (!after) co_return after.error();
  if (*after == before) co_return after;

  Json object = is_new ? Json{{"apiVersion", "v1"},
                              {"kind", "Secret"},
                              {"type", "Opaque"},
                              {"metadata",
                               {{"name", secret_},
                                {"namespace", namespace_name_},
                                {"labels", {{"app.kubernetes.io/name", "initscan"}}}}}}
                       : std::move(reply->object);
  object["data"] = secret_data(*after);
  // Another replica that believed it led gets 409: what was stored first counts.
  request.method = is_new ? "POST" : "PUT";
  if (is_new) request.path = collection;
  request.body = json_text(object);
  auto stored = co_await client_.demand(std::move(request));
  if (!stored) co_return stored.error();
  co_return after;
}

asio::awaitable<Result<void>> CertificateKeeper::keep_bundle(std::string path, const std::string& bundle) {
  KubeRequest request;
  request.path = std::move(path);
  auto reply = co_await client_.ask(request);
  if (!reply) co_return reply.error();
  if (reply->status == 404) co_return Result<void>{};  // not installed (yet)
  if (!reply->ok()) co_return refusal(request, *reply);

  const std::string wanted = base64_encode(bundle);
  Json patch = Json::array();
  const Json& hooks = list_in(reply->object, "webhooks");
  for (std::size_t i = 0; i < hooks.size(); ++i) {
    if (text_in(object_in(hooks[i], "clientConfig"), "caBundle") == wanted) continue;
    const std::string place = "/webhooks/" + std::to_string(i);
    patch.push_back({{"op", "test"}, {"path", place + "/name"}, {"value", text_in(hooks[i], "name")}});
    patch.push_back({{"op", "add"}, {"path", place + "/clientConfig/caBundle"}, {"value", wanted}});
  }
  if (patch.empty()) co_return Result<void>{};
  request.method = "PATCH";
  request.content_type = "application/json-patch+json";
  request.body = json_text(patch);
  auto patched = co_await client_.demand(std::move(request));
  if (!patched) co_return patched.error();
  co_return Result<void>{};
}

}  // namespace initscan::injector
