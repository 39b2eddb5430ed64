#include "common/kube/access.h"

#include "common/json/parts.h"
#include "common/json/tree_text.h"

#include <algorithm>

#include <boost/asio/use_awaitable.hpp>

namespace initscan {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

constexpr const char* kAuthorization = "authorization.k8s.io/v1";
constexpr const char* kAuthentication = "authentication.k8s.io/v1";

// With the name of what they are attributes of.
std::pair<const char*, Json> attributes_of(const Access& access) {
  if (!access.path.empty()) { return {"nonResourceAttributes", Json{{"verb", access.verb}, {"path", access.path}}}; }
  Json attributes{{"verb", access.verb}, {"group", access.group}, {"resource", access.resource}};
  if (!access.subresource.empty()) attributes["subresource"] = access.subresource;
  if (!access.namespace_.empty()) attributes["namespace"] = access.namespace_;
  if (!access.name.empty()) attributes["name"] = access.name;
  return {"resourceAttributes", std::move(attributes)};
}

// A review is a POST that creates nothing.
KubeRequest review(const char* group_version, const char* resource, const char* kind, Json spec) {
  KubeRequest request;
  request.method = "POST";
  request.path = std::string("/apis/") + group_version + '/' + resource;
  request.body = json_text(Json{{"apiVersion", group_version}, {"kind", kind}, {"spec", std::move(spec)}});
  request.harmless = true;
  return request;
}

std::map<std::string, std::string> extra_of(const Json& user) {
  std::map<std::string, std::string> extra;
  const Json& all = object_in(user, "extra");
  for (const auto& entry : all.items()) {
    const std::vector<std::string> texts = texts_in(all, entry.key());
    if (!texts.empty()) extra[entry.key()] = texts.front();
  }
  return extra;
}

const Json* status_of(const Json& review) {
  const auto status = review.is_object() ? review.find("status") : review.end();
  return review.is_object() && status != review.end() && status->is_object() ? &*status : nullptr;
}

}  // namespace

std::string to_string(const Access& access) {
  if (!access.path.empty()) return access.verb + ' ' + access.path;
  std::string text = access.verb + ' ' + access.resource;
  if (!access.group.empty()) text += '.' + access.group;
  if (!access.subresource.empty()) text += '/' + access.subresource;
  if (!access.name.empty()) text += ' ' + access.name;
  if (!access.namespace_.empty()) text += " in " + access.namespace_;
  return text;
}

Subject service_account(const std::string& space, const std::string& name) {
  return {"system:serviceaccount:" + space + ':' + name,
          {"system:serviceaccounts", "system:serviceaccounts:" + space, "system:authenticated"}};
}

asio::awaitable<Result<bool>> may_i(KubeClient& client, Access access) {
  const auto [kind, attributes] = attributes_of(access);
  const Json spec{{kind, attributes}};
  auto reply =
      co_await client.demand(review(kAuthorization, "selfsubjectaccessreviews", "SelfSubjectAccessReview", spec));
  if (!reply) co_return reply.error();
  co_return allowed_of(reply->object);
}

asio::awaitable<Result<bool>> may(KubeClient& client, Access access, Subject subject) {
  const auto [kind, attributes] = attributes_of(access);
  const Json spec{{kind, attributes}, {"user", subject.user}, {"groups", subject.groups}};
  auto reply = co_await client.demand(review(kAuthorization, "subjectaccessreviews", "SubjectAccessReview", spec));
  if (!reply) co_return reply.error();
  co_return allowed_of(reply->object);
}

asio::awaitable<Result<std::optional<TokenUser>>> review_token(KubeClient& client, std::string token,
                                                               std::string audience) {
  Json spec{{"token", token}};
  if (!audience.empty()) spec["audiences"] = {audience};
  auto reply = co_await client.demand(review(kAuthentication, "tokenreviews", "TokenReview", spec));
  if (!reply) co_return reply.error();
  co_return user_of(reply->object, audience);
}

Result<bool> allowed_of(const Json& review) {
  const Json* const status = status_of(review);
  const auto allowed = status == nullptr ? Json::const_iterator() : status->find("allowed");
  if (status == nullptr || allowed == status->end() || !allowed->is_boolean()) {
    return Error{Errc::malformed, "an access review without status.allowed"};
  }
  return allowed->get<bool>();
}

Result<std::optional<TokenUser>> user_of(const Json& review, const std::string& audience) {
  const Json* const status = status_of(review);
  if (status == nullptr) return Error{Errc::malformed, "a token review without status"};
  if (!flag_in(*status, "authenticated")) return std::optional<TokenUser>();
  // An authenticator that knows nothing of audiences names none: then the token is for the API server alone.
  const std::vector<std::string> audiences = texts_in(*status, "audiences");
  if (!audience.empty() && std::find(audiences.begin(), audiences.end(), audience) == audiences.end()) {
    return std::optional<TokenUser>();
  }
  const Json& user = object_in(*status, "user");
  if (text_in(user, "username").empty()) { return Error{Errc::malformed, "a token review without a user's name"}; }
  return std::optional(
      TokenUser{text_in(user, "username"), text_in(user, "uid"), texts_in(user, "groups"), extra_of(user)});
}

}  // namespace initscan
