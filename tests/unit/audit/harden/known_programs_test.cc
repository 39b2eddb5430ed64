#include "audit/harden/known_programs.h"

#include "audit/harden/write_directories.h"

#include <set>

#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

using Strings = std::vector<std::string>;

Container running(std::string image, Strings command = {}, Strings args = {}) {
  Container container;
  container.image = std::move(image);
  container.command = std::move(command);
  container.args = std::move(args);
  return container;
}

struct Case {
  const char* name;
  Container container;
  std::string program;  // "" for none
  std::string by;
};

class ProgramOf : public testing::TestWithParam<Case> {};

TEST_P(ProgramOf, IsKnownByImageOrCommand) {
  const ProgramFacts facts = program_of(GetParam().container);
  EXPECT_EQ(facts.program ? facts.program->name : "", GetParam().program);
  EXPECT_EQ(facts.by, GetParam().by);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ProgramOf,
    testing::Values(
        Case{"ImageName", running("docker.io/library/nginx:1.25"), "nginx", "its image's name"},
        Case{"ImageWithPortAndDigest", running("registry.example:5000/redis@sha256:00"), "redis", "its image's name"},
        Case{"TheImageComesFirst", running("example/nginx-unprivileged:1", {"nginx"}), "nginx (unprivileged)",
             "its image's name"},
        Case{"NotAPartOfAName", running("example/nginx-exporter:1"), "", ""},
        Case{"Command", running("example/shop:1", {"/usr/sbin/nginx", "-g", "daemon off;"}), "nginx", "its command"},
        Case{"Argument", running("example/shop:1", {}, {"python3", "-m", "shop"}), "python", "its command"},
        Case{"BehindWrappers", running("example/shop:1", {"/sbin/tini", "--", "su-exec", "java", "-jar", "shop.jar"}),
             "java", "its command"},
        Case{"InAScript", running("example/shop:1", {"sh", "-c", "mkdir -p /data; exec redis-server --dir /data"}),
             "redis", "its command"},
        Case{"AnOptionIsNoProgram", running("example/shop:1", {"shop", "--java"}), "", ""},
        Case{"Nobody", running("example/shop:1", {"/shop"}), "", ""}, Case{"Empty", running(""), "", ""}),
    [](const auto& test) { return test.param.name; });

std::vector<std::pair<std::string, WriteUse>> named(Container container) {
  const ProgramFacts facts = program_of(container);
  std::vector<std::pair<std::string, WriteUse>> paths;
  if (!facts.program) return paths;
  for (const NamedPath& path : paths_of_options(*facts.program, container)) paths.emplace_back(path.path, path.use);
  return paths;
}

using Paths = std::vector<std::pair<std::string, WriteUse>>;

TEST(Options, InAllTheirForms) {
  EXPECT_EQ(named(running("redis", {}, {"--dir", "/store/"})), (Paths{{"/store", WriteUse::data}}));
  EXPECT_EQ(named(running("x", {"mysqld", "--datadir=/store"})), (Paths{{"/store", WriteUse::data}}));
  EXPECT_EQ(named(running("postgres", {}, {"-D/store", "-k", "/sockets"})),
            (Paths{{"/sockets", WriteUse::runtime}, {"/store", WriteUse::data}}));
  EXPECT_EQ(named(running("x", {"java", "-Djava.io.tmpdir=/scratch"})), (Paths{{"/scratch", WriteUse::scratch}}));
  EXPECT_EQ(named(running("x", {"java", "-Dcatalina.base=/app"})),
            (Paths{{"/app/logs", WriteUse::logs}, {"/app/temp", WriteUse::scratch}, {"/app/work", WriteUse::scratch}}));
  EXPECT_EQ(named(running("x", {"gunicorn", "--pid", "/run/shop/pid"})), (Paths{{"/run/shop", WriteUse::runtime}}));
}

TEST(Options, ThatNameNoPlaceAreNone) {
  for (const char* value : {"data", "$HOME/data", "/a/../b", "/", "", "/data/{a,b}"}) {
    EXPECT_EQ(named(running("redis", {}, {"--dir", value})), Paths{}) << value;
  }
  EXPECT_EQ(named(running("redis", {}, {"--dir"})), Paths{});
  EXPECT_EQ(named(running("x", {"gunicorn", "--pid", "/pid"})), Paths{}) << "the root itself";
}

TEST(Options, OfAHugeCommandLineAreBounded) {
  EXPECT_EQ(named(running("redis", {}, {std::string(1 << 20, 'x'), "--dir /a"})).size(), 1u);
}

// The table itself: what it says must be usable.
TEST(KnownPrograms, AreWellFormed) {
  std::set<std::string_view> images;
  std::set<std::string_view> commands;
  for (const KnownProgram& program : known_programs()) {
    EXPECT_FALSE(program.images.empty() && program.commands.empty()) << program.name;
    for (const auto name : program.images) EXPECT_TRUE(images.insert(name).second) << name << " twice";
    for (const auto name : program.commands) EXPECT_TRUE(commands.insert(name).second) << name << " twice";
    for (const WritePath& path : program.paths) {
      EXPECT_TRUE(path.path.starts_with('/') && path.path.size() > 1 && !path.path.ends_with('/')) << path.path;
      EXPECT_FALSE(is_at_or_below(path.path, "/etc")) << path.path;
      for (const auto tree : {"/usr", "/bin", "/lib", "/opt", "/srv", "/home", "/root", "/var", "/var/lib"}) {
        EXPECT_NE(path.path, tree);
      }
    }
    EXPECT_TRUE(std::is_sorted(program.root_capabilities.begin(), program.root_capabilities.end())) << program.name;
  }
}

TEST(ImageBasename, IsTheLastPart) {
  EXPECT_EQ(image_basename("nginx"), "nginx");
  EXPECT_EQ(image_basename("localhost:5000/a/b:1@sha256:0"), "b");
  EXPECT_EQ(image_basename(""), "");
}

}  // namespace
}  // namespace initscan::audit
