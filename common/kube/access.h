#pragma once

#include "common/kube/client.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace initscan {

// What someone wants to do, as RBAC sees it.
struct Access {
  std::string verb;
  std::string group;  // "": the core group
  std::string resource;
  std::string subresource;
  std::string namespace_;  // "": in all of them, or of the cluster
  std::string name;        // "": any
  std::string path{};      // "/metrics": instead of a resource
};

/// "patch configmaps initscan-final-state in initscan-system".
std::string to_string(const Access& access);

// Who wants to; as a token would say it.
struct Subject {
  std::string user;
  std::vector<std::string> groups;
};

/// The service account NAME of NAMESPACE with the groups that the API server gives it.
Subject service_account(const std::string& space, const std::string& name);

/// SelfSubjectAccessReview: whether we may. Errors: as of KubeClient::demand(); malformed - the answer says nothing.
boost::asio::awaitable<Result<bool>> may_i(KubeClient& client, Access access);

/// SubjectAccessReview: whether someone else may. Needs the right to ask: refused otherwise.
boost::asio::awaitable<Result<bool>> may(KubeClient& client, Access access, Subject subject);

// Who a token is.
struct TokenUser {
  std::string name;  // "system:serviceaccount:shop:default"
  std::string uid;
  std::vector<std::string> groups;
  std::map<std::string, std::string>
      extra;  // "authentication.kubernetes.io/pod-name" -> "front-1"; of several the first
};

/// TokenReview: whose token it is, or nullopt if it is not from this cluster, has expired, or is not for `audience`;
/// "": for the API server itself.
/// Errors: io - the API server cannot be asked, or we may not ask.
boost::asio::awaitable<Result<std::optional<TokenUser>>> review_token(KubeClient& client, std::string token,
                                                                      std::string audience);

/// What the answers say. Malformed if the API server left the answer out: that must not be taken for a yes.
Result<bool> allowed_of(const nlohmann::json& review);
Result<std::optional<TokenUser>> user_of(const nlohmann::json& review, const std::string& audience);

}  // namespace initscan
