#include "initscan/confine/child.h"

#include "initscan/confine/sanitized.h"

#include <csignal>
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace initscan {
namespace {

using testing::StartsWith;
using namespace std::chrono_literals;

constexpr int kAnswer = 3;
constexpr ChildLimits kLimits{1000, 20s};
constexpr ChildLimits kHasty{1000, 200ms};

using Run = std::function<Result<std::string>(const std::string&)>;

Result<ChildAnswer> in_child(const Run& run, const ChildLimits& limits = kLimits) {
  return run_confined({"image", {}, run}, limits);
}

std::string words_of(const Run& run, const ChildLimits& limits = kLimits) {
  const auto answer = in_child(run, limits);
  if (!answer) return "error: " + answer.error().text;
  return answer->is_complaint ? "complaint: " + answer->words : answer->words;
}

std::string error_of(const Run& run, const ChildLimits& limits = kLimits) {
  const auto answer = in_child(run, limits);
  // Nothing of it may be left, whatever it did.
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  return answer ? "no error: " + answer->words : answer.error().text;
}

[[noreturn]] void stall() {
  for (;;) poll(nullptr, 0, 1000);
}

void say(std::string_view words) {
  if (write(kAnswer, words.data(), words.size()) < 0) _exit(9);
}

TEST(Child, AnswersAndSaysHowItIsConfined) {
  EXPECT_THAT(words_of([](const std::string& confinement) { return "by " + confinement; }),
              StartsWith(kIsSanitized ? "by none" : "by seccomp"));
}

TEST(Child, AnswersWithAsManyBytesAsItMay) {
  EXPECT_EQ(words_of([](const std::string&) { return std::string(1000, 'x'); }), std::string(1000, 'x'));
  const ChildLimits large{4 << 20, 20s};
  EXPECT_EQ(words_of([](const std::string&) { return std::string(4 << 20, 'x'); }, large).size(), 4u << 20);
}

TEST(Child, ChangesNothingOfItsParent) {
  int value = 1;
  ASSERT_TRUE(in_child([&](const std::string&) { return std::to_string(value = 2); }));
  EXPECT_EQ(value, 1);
}

TEST(Child, SaysWhyThereIsNoAnswer) {
  EXPECT_EQ(words_of([](const std::string&) -> Result<std::string> {
              return Error{Errc::io, "/x: cannot open"};
            }),
            "complaint: /x: cannot open");
  EXPECT_EQ(words_of([](const std::string&) -> Result<std::string> { throw std::runtime_error("odd"); }),
            "complaint: image: internal: odd");
}

TEST(Child, DoesNothingWhereWhatItMayReadIsNotThere) {
  bool has_landlock = !kIsSanitized;
  has_landlock = has_landlock && words_of([](const std::string& how) { return how; }) == "seccomp+landlock";
  if (!has_landlock) GTEST_SKIP() << "only landlock looks for it";
  const auto answer = run_confined({"image", {"/none"}, [](const std::string&) { return std::string("x"); }}, kLimits);
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_TRUE(answer->is_complaint);
  EXPECT_EQ(answer->words, "/none: cannot open: No such file or directory");
}

TEST(Child, ComplainsInNoMoreWordsThanItMay) {
  const ChildLimits large{1 << 20, 20s};
  const auto endless = [](const std::string&) -> Result<std::string> {
    return Error{Errc::io, std::string(9999, 'x')};
  };
  EXPECT_EQ(words_of(endless, large), "complaint: " + std::string(kMaxComplaintBytes, 'x'));
}

TEST(Child, SurvivesOneThatSaysNothing) {
  EXPECT_EQ(error_of([](const std::string&) { return std::string(); }),
            "image: the process that reads it ended without a word");
  EXPECT_EQ(error_of([](const std::string&) -> Result<std::string> { _exit(0); }),
            "image: the process that reads it ended without a word");
  EXPECT_EQ(error_of([](const std::string&) -> Result<std::string> { _exit(1); }),
            "image: the process that reads it ended with exit code 1");
  EXPECT_EQ(error_of([](const std::string&) -> Result<std::string> {
              say("half an ans");
              _exit(7);
            }),
            "image: the process that reads it ended with exit code 7");
}

TEST(Child, SurvivesOneThatSaysTooMuch) {
  EXPECT_EQ(error_of([](const std::string&) { return std::string(1001, 'x'); }),
            "image: the process that reads it says more than the limit of 1000 bytes");
  EXPECT_EQ(error_of([](const std::string&) -> Result<std::string> {
              for (;;) say("more and more");
            }),
            "image: the process that reads it says more than the limit of 1000 bytes");
}

TEST(Child, SurvivesOneThatDies) {
  const std::string error = error_of([](const std::string&) -> Result<std::string> {
    say("half an ans");
    kill(getpid(), SIGKILL);  // the filter sees to it first
    stall();
  });
  EXPECT_EQ(error, kIsSanitized ? "image: the process that reads it was ended by signal 9 (Killed)"
                                : "image: the process that reads it was ended by signal 31 (Bad system call)");
}

TEST(Child, SurvivesOneThatStalls) {
  const std::string want = "image: the process that reads it takes longer than the limit of 200 ms";
  EXPECT_EQ(error_of([](const std::string&) -> Result<std::string> { stall(); }, kHasty), want);
  EXPECT_EQ(error_of(
                [](const std::string&) -> Result<std::string> {
                  say("half an ans");
                  stall();
                },
                kHasty),
            want);
  EXPECT_EQ(error_of(
                [](const std::string&) -> Result<std::string> {
                  say("a whole answer");
                  close(kAnswer);
                  stall();
                },
                kHasty),
            want);
  EXPECT_EQ(error_of(
                [](const std::string&) -> Result<std::string> {
                  for (;; poll(nullptr, 0, 50)) say(".");
                },
                kHasty),
            want);
}

TEST(Child, IsWaitedForWhereChildrenAreIgnored) {
  std::signal(SIGCHLD, SIG_IGN);
  EXPECT_TRUE(in_child([](const std::string&) { return std::string("x"); }));
}

TEST(Child, TakesNoMoreMemoryThanItMay) {
  if (kIsSanitized) GTEST_SKIP() << "a sanitizer takes more by itself";
  EXPECT_EQ(words_of([](const std::string&) { return std::string(kMaxChildMemoryBytes, 'x'); }),
            "complaint: image: takes more memory than the limit of 2048 MiB");
}

}  // namespace
}  // namespace initscan
