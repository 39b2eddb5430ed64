// common/kube from the command line, for tests against API servers, real ones and ones that fail.
#include "common/kube/access.h"
#include "common/kube/client.h"
#include "common/kube/reflector.h"

#include <cstdio>
#include <functional>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace initscan {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;
using Task = asio::awaitable<Result<void>>;

struct Options {
  std::string kubeconfig;
  unsigned seconds = 20;
  std::string path;
  std::string kind = "merge";
  std::string body;
  std::string token;
  std::string audience;
  Access access;
  std::string user;
};

void say(const Json& json) {
  std::printf("%s\n", json.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
  std::fflush(stdout);
}

Task fetch(KubeClient& client, const Options& options) {
  KubeRequest request;
  request.path = options.path;
  auto response = co_await client.fetch(std::move(request));
  if (!response) co_return response.error();
  say({{"status", response->status}, {"body", response->body}});
  co_return Result<void>{};
}

Task patch(KubeClient& client, const Options& options) {
  const PatchKind kind = options.kind == "json"    ? PatchKind::json
                         : options.kind == "merge" ? PatchKind::merge
                                                   : PatchKind::strategic;
  auto reply = co_await client.patch(options.path, kind, Json::parse(options.body));
  if (!reply) co_return reply.error();
  say(reply->object);
  co_return Result<void>{};
}

Task review(KubeClient& client, const Options& options) {
  auto user = co_await review_token(client, options.token, options.audience);
  if (!user) co_return user.error();
  say(*user ? Json{{"name", (*user)->name}, {"groups", (*user)->groups}} : Json());
  co_return Result<void>{};
}

Task can(KubeClient& client, const Options& options) {
  Result<bool> allowed = false;
  if (options.user.empty()) {
    allowed = co_await may_i(client, options.access);
  } else {
    const Subject subject{options.user, {}};
    allowed = co_await may(client, options.access, subject);
  }
  if (!allowed) co_return allowed.error();
  say(*allowed);
  co_return Result<void>{};
}

std::string version_of(const Json& object) {
  return object["metadata"].value("resourceVersion", "");
}

// Prints what a reflector tells, for as long as `seconds`.
Task watch(KubeClient& client, const Options& options) {
  Reflector reflector(client, options.path,
                      {[](std::vector<Json> all) {
                         say({{"replaced", all.size()}});
                       },
                       [](const Json& object) {
                         say({{"changed", version_of(object)}});
                       },
                       [](const Json& object) {
                         say({{"deleted", version_of(object)}});
                       },
                       [](const Result<void>& state) {
                         say({{"contact", state ? "" : state.error().text}});
                       }});
  co_await reflector.run();
  co_return Result<void>{};
}

int run(const Options& options, const std::function<Task(KubeClient&, const Options&)>& task) {
  auto config = find_kube_config(options.kubeconfig, "");
  Result<void> done = config ? Result<void>{} : Result<void>{config.error()};
  if (config) {
    done = run_blocking(
        [&]() -> Task {
          KubeClient client(*config);
          co_return co_await task(client, options);
        },
        std::chrono::seconds(options.seconds));
  }
  if (!done) std::fprintf(stderr, "kube_client: error: %s\n", done.error().text.c_str());
  return done ? 0 : 1;
}

}  // namespace
}  // namespace initscan

int main(int argc, char** argv) {
  using namespace initscan;
  Options options;
  CLI::App app("Asks an API server and prints what common/kube makes of the answer, as JSON.", "kube_client");
  app.add_option("--kubeconfig", options.kubeconfig)->required();
  app.add_option("--seconds", options.seconds, "How long it may take")->capture_default_str();
  app.require_subcommand(1);
  int code = 64;
  const auto add = [&](const char* name, Task (*task)(KubeClient&, const Options&)) {
    CLI::App* const command = app.add_subcommand(name);
    command->final_callback([&code, &options, task] { code = run(options, task); });
    return command;
  };
  add("fetch", fetch)->add_option("path", options.path)->required();
  add("watch", watch)->add_option("path", options.path)->required();
  CLI::App* const patching = add("patch", patch);
  patching->add_option("kind", options.kind)->check(CLI::IsMember({"json", "merge", "strategic"}))->required();
  patching->add_option("path", options.path)->required();
  patching->add_option("body", options.body)->required();
  CLI::App* const reviewing = add("token", review);
  reviewing->add_option("token", options.token)->required();
  reviewing->add_option("audience", options.audience)->required();
  CLI::App* const asking = add("can", can);
  asking->add_option("verb", options.access.verb)->required();
  asking->add_option("resource", options.access.resource)->required();
  asking->add_option("--in", options.access.namespace_);
  asking->add_option("--as", options.user);
  CLI11_PARSE(app, argc, argv);
  return code;
}
