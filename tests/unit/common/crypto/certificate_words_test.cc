#include "common/crypto/certificate_words.h"

#include "injector/certificates/authority.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace initscan {
namespace {

std::string made_certificate(const std::string& name) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return injector::make_authority(name, now, std::chrono::hours(1))->certificate;
}

TEST(CertificateWords, AreThoseOfTheTextEachOnce) {
  const std::string one = made_certificate("one");
  const std::string other = made_certificate("other");
  const auto words = certificate_words_of("# of a file\n" + one + other + one);
  ASSERT_TRUE(words) << words.error().text;
  EXPECT_EQ(words->find_first_of(" \n|"), words->npos);
  EXPECT_EQ(std::count(words->begin(), words->end(), ','), 1);
  const auto pem = pem_of_certificate_words(*words);
  ASSERT_TRUE(pem) << pem.error().text;
  EXPECT_EQ(*pem, one + other);
}

TEST(CertificateWords, SayWhatIsWrong) {
  const std::string one = made_certificate("one");
  EXPECT_EQ(certificate_words_of("").error().text, "want certificates in PEM");
  EXPECT_EQ(certificate_words_of("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").error().text,
            "want certificates in PEM");
  std::string cut = one;
  cut.replace(cut.size() / 2, 8, "!!!!!!!!");
  EXPECT_EQ(certificate_words_of(one + cut).error().text, "a certificate in it cannot be read");
  std::string many;
  for (int i = 0; i < 40; ++i) many += made_certificate(std::to_string(i));
  EXPECT_EQ(certificate_words_of(many).error().code, Errc::over_limit);
  for (const char* const odd : {"", "A", "AAAA,", ",AAAA", "AAAA,,AAAA", "AA AA", "|"}) {
    EXPECT_FALSE(pem_of_certificate_words(odd)) << odd;
  }
  EXPECT_EQ(pem_of_certificate_words(std::string(kMaxCertificateWords + 4, 'A')).error().code, Errc::over_limit);
}

}  // namespace
}  // namespace initscan
