#include "initscan/analyze/traversal.h"

#include "tests/unit/initscan/analyze/map_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Texts = std::map<std::string, std::string>;

// Says in Inventory::unmatched what it was given.
class Noting : public Analyzer {
 public:
  explicit Noting(std::string name) : name_(std::move(name)) {}

  bool traverses() const override { return true; }
  void analyze(std::string_view path, const FileView& file, Inventory& inventory) const override {
    const auto text = read_whole(file, 100);
    inventory.unmatched.push_back(name_ + ' ' + std::string(path) + ": " + (text ? *text : text.error().text));
  }

 private:
  std::string name_;
};

class ByName : public Noting {
 public:
  ByName() : Noting("by name") {}
  Wanted wants(std::string_view path, FileKind, std::optional<std::string_view>) const override {
    return path.ends_with(".lock") ? Wanted::yes : Wanted::no;
  }
};

class ByHead : public Noting {
 public:
  ByHead() : Noting("by head") {}
  Wanted wants(std::string_view path, FileKind kind, std::optional<std::string_view> head) const override {
    if (kind != FileKind::regular || !path.starts_with("bin/")) return Wanted::no;
    if (!head) return Wanted::perhaps;
    longest = std::max(longest, head->size());
    return head->starts_with("ELF") ? Wanted::yes : Wanted::no;
  }
  mutable std::size_t longest = 0;
};

template <class... Kinds>
Analyzers analyzers() {
  Analyzers all;
  (all.push_back(std::make_unique<Kinds>()), ...);
  return all;
}

TEST(Traversal, ShowsEachFileToWhoWantsIt) {
  const MapFiles files(Texts{{"a.lock", "1"}, {"bin/a", "ELF"}, {"bin/b", "#!sh"}, {"other", "ELF"}});
  Inventory inventory;
  const Coverage coverage = traverse(files, analyzers<ByName, ByHead>(), inventory);
  EXPECT_THAT(inventory.unmatched, ElementsAre("by name a.lock: 1", "by head bin/a: ELF"));
  EXPECT_EQ(coverage.files_seen, 4u);
  EXPECT_EQ(coverage.unreadable, 0u);
  EXPECT_EQ(files.opened(), 3u) << "nobody asked for other";
}

TEST(Traversal, OpensAFileOnceForAll) {
  const MapFiles files(Texts{{"bin/x.lock", "ELF"}});
  Inventory inventory;
  (void)traverse(files, analyzers<ByName, ByHead, ByHead>(), inventory);
  EXPECT_THAT(inventory.unmatched,
              ElementsAre("by name bin/x.lock: ELF", "by head bin/x.lock: ELF", "by head bin/x.lock: ELF"));
  EXPECT_EQ(files.opened(), 1u);
}

TEST(Traversal, GivesNoMoreThanTheHead) {
  Analyzers all = analyzers<ByHead>();
  const auto& by_head = static_cast<const ByHead&>(*all.front());
  Inventory inventory;
  (void)traverse(MapFiles(Texts{{"bin/a", ""}}), all, inventory);
  EXPECT_EQ(by_head.longest, 0u);
  (void)traverse(MapFiles(Texts{{"bin/a", std::string(1000, 'x')}}), all, inventory);
  EXPECT_EQ(by_head.longest, kHeadBytes);
  EXPECT_THAT(inventory.unmatched, IsEmpty());
}

TEST(Traversal, CountsAWantedFileThatCannotBeOpenedOnce) {
  const MapFiles files(Texts{{"bin/x.lock", "!no"}, {"other", "!no"}});
  Inventory inventory;
  const Coverage coverage = traverse(files, analyzers<ByName, ByHead>(), inventory);
  EXPECT_EQ(coverage.unreadable, 1u) << "other is wanted by nobody";
  EXPECT_THAT(inventory.unmatched, IsEmpty());
}

TEST(Traversal, OnlyCountsWhereNobodyAsks) {
  class NeverAsked : public ByName {
   public:
    bool traverses() const override { return false; }
  };
  const MapFiles files(Texts{{"a.lock", "1"}});
  Inventory inventory;
  EXPECT_EQ(traverse(files, analyzers<NeverAsked>(), inventory).files_seen, 1u);
  EXPECT_THAT(inventory.unmatched, IsEmpty());
  EXPECT_EQ(files.opened(), 0u);
}

}  // namespace
}  // namespace initscan
