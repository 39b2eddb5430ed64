#include "common/kube/change_log.h"

#include <memory>
#include <sstream>

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

namespace initscan {
namespace {

class ChangeLogTest : public testing::Test {
 protected:
  ChangeLogTest() {
    auto logger = std::make_shared<spdlog::logger>("t", std::make_shared<spdlog::sinks::ostream_sink_mt>(lines_));
    logger->set_pattern("%l %v");
    spdlog::set_default_logger(std::move(logger));
  }
  ~ChangeLogTest() override { spdlog::set_default_logger(std::move(before_)); }

  ChangeLog log_;
  std::ostringstream lines_;

 private:
  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
};

const Result<void> kDone;
const Error kRefused{Errc::unavailable, "refused\n"};

TEST_F(ChangeLogTest, SaysWhatFailsOnceAndThatItWorksAgain) {
  for (const Result<void>& done : {kDone, kDone, Result<void>(kRefused), Result<void>(kRefused), kDone, kDone}) {
    log_.tell("lease", done);
  }
  log_.tell("events", kRefused);
  log_.tell("events", Error{Errc::unavailable, "too late"});
  EXPECT_EQ(
      lines_.str(),
      "error lease: refused\\u{a}\ninfo lease: works again\nerror events: refused\\u{a}\nerror events: too late\n");
}

TEST_F(ChangeLogTest, SaysWhatIsWatchedFromTheFirst) {
  for (const Result<void>& state : {kDone, kDone, Result<void>(kRefused), Result<void>(kRefused), kDone}) {
    log_.tell_contact("pods", state);
  }
  log_.tell_contact("namespaces", kRefused);
  EXPECT_EQ(lines_.str(),
            "info watching resource=pods\n"
            "warning not watching resource=pods, what is known about it stays in use: refused\\u{a}\n"
            "info watching resource=pods\n"
            "warning not watching resource=namespaces, what is known about it stays in use: refused\\u{a}\n");
}

TEST_F(ChangeLogTest, KnowsWhatFails) {
  EXPECT_FALSE(log_.is_failing("store"));
  log_.tell("store", kRefused);
  EXPECT_TRUE(log_.is_failing("store"));
  log_.tell("store", kDone);
  EXPECT_FALSE(log_.is_failing("store"));
}

}  // namespace
}  // namespace initscan
