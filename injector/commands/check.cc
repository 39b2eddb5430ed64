#include "common/file_io.h"
#include "common/names.h"
#include "injector/commands/cluster_options.h"
#include "injector/commands/commands.h"
#include "injector/doctor/inspect.h"
#include "injector/doctor/report.h"

#include <memory>

#include <CLI/CLI.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace initscan::injector {
namespace {

struct CommandOptions {
  ClusterOptions cluster;
  CheckOptions check;
  std::string format = "table";
};

Result<ExitCode> check(const CommandOptions& options) {
  const auto config = find_kube_config(options.cluster.kubeconfig, options.cluster.context);
  if (!config) return config.error();
  CheckOptions check = options.check;
  if (!options.cluster.namespace_name.empty()) check.installation.namespace_ = options.cluster.namespace_name;
  std::vector<CheckItem> items;
  const auto done = run_blocking(
      [&]() -> boost::asio::awaitable<Result<void>> {
        KubeClient client(*config);
        auto inspected = co_await inspect(client, check);
        if (!inspected) co_return inspected.error();
        items = std::move(*inspected);
        co_return Result<void>{};
      },
      kLongestCommand);
  if (!done) return done.error();
  const std::string text = options.format == "json" ? check_json(items) : check_table(items);
  if (auto written = write_file("-", text); !written) return std::move(written).error().within("standard output");
  return check_exit_code(items);
}

}  // namespace

void add_check_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("check", "Check an installation: one line for each part, with what to do");
  const auto options = std::make_shared<CommandOptions>();
  add_cluster_options(*command, options->cluster,
                      std::string("Where the injector is (default: ") + names::kSystemNamespace + ')');
  Installation& names = options->check.installation;
  command->add_option("--service", names.service, "The injector's Service, Deployment, service account and Lease")
      ->capture_default_str();
  command->add_option("--secret", names.secret, "The Secret with its certificates")->capture_default_str();
  command->add_option("--configuration", names.configuration, "Its MutatingWebhookConfiguration")
      ->capture_default_str();
  command->add_option("--trial-namespace", options->check.trial_namespace,
                      "Where to create a pod with dryRun=All (default: the first labelled namespace)");
  command->add_flag("--probe", options->check.probe,
                    "Also create that pod for real, see whether initscan's image can be pulled there, and delete it");
  command->add_option("--format", options->format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->footer(
      "Example: initscan-injector check --trial-namespace shop --probe\n"
      "Exit codes: 0 all is well, 2 something is wrong, 1 something could not be determined, 64 wrong usage.");
  command->callback([&chosen, options] { chosen = [options] { return check(*options); }; });
}

}  // namespace initscan::injector
