#include "initscan/advisory/index/packed_details.h"

#include "common/text/ascii.h"
#include "common/text/whole_number.h"
#include "common/text/words.h"
#include "common/time/rfc3339.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace initscan {
namespace {

constexpr std::string_view kCve = "CVE-";
constexpr std::string_view kGhsa = "GHSA-";
constexpr std::string_view kGhsaLetters = "23456789cfghjmpqrvwx";
constexpr std::size_t kGhsaGroup = 4;
constexpr std::size_t kGhsaGroups = 3;

Error no_details() {
  return {Errc::malformed, "details of a vulnerability"};
}

std::string cve_of(std::uint64_t year, std::uint64_t number) {
  constexpr std::size_t kLeastDigits = 4;
  std::array<char, std::numeric_limits<std::uint64_t>::digits10 + 1> digits;
  const auto append = [&](std::string& name, std::uint64_t value, std::size_t least) {
    const char* const end = std::to_chars(digits.begin(), digits.end(), value).ptr;
    const auto count = static_cast<std::size_t>(end - digits.data());
    name.append(least - std::min(least, count), '0').append(digits.data(), count);
  };
  std::string name(kCve);
  append(name, year, 0);
  name += '-';
  append(name, number, kLeastDigits);
  return name;
}

std::string ghsa_of(std::uint64_t number) {
  std::string name(kGhsa);
  std::string letters;
  for (std::size_t i = 0; i < kGhsaGroup * kGhsaGroups; ++i) {
    letters += kGhsaLetters[number % kGhsaLetters.size()];
    number /= kGhsaLetters.size();
  }
  for (std::size_t group = 0; group < kGhsaGroups; ++group) {
    if (group > 0) name += '-';
    name += letters.substr(group * kGhsaGroup, kGhsaGroup);
  }
  return name;
}

std::optional<std::uint64_t> ghsa_number(std::string_view letters) {
  std::uint64_t number = 0;
  for (std::size_t at = letters.size(); at-- > 0;) {
    if (at % (kGhsaGroup + 1) == kGhsaGroup) continue;
    const std::size_t value = kGhsaLetters.find(letters[at]);
    if (value == kGhsaLetters.npos) return std::nullopt;
    number = number * kGhsaLetters.size() + value;
  }
  return number;
}

std::string fixed_bytes(std::uint64_t number, std::size_t count) {
  std::string bytes;
  for (; count > 0; --count, number >>= 8) bytes += static_cast<char>(number & 0xff);
  return bytes;
}

// The bytes of a name behind its form.
std::string_view name_bytes(PackedReader& reader, NameForm form, std::string_view from) {
  switch (form) {
    case NameForm::text: return reader.text();
    case NameForm::cve:
      reader.varint();
      reader.varint();
      break;
    case NameForm::ghsa: return reader.bytes(kGhsaBytes);
    default: reader.bytes(reader.left() + 1); return {};
  }
  return from.substr(0, from.size() - reader.left());
}

struct NameView {
  NameForm form;
  std::string_view bytes;
};

NameView take_name(PackedReader& reader, std::string_view packed) {
  const auto form = static_cast<NameForm>(reader.byte());
  const std::string_view from = packed.substr(packed.size() - reader.left());
  return {form, name_bytes(reader, form, from)};
}

std::string spelled(const NameView& name) {
  if (name.form == NameForm::text) return std::string(name.bytes);
  if (name.form == NameForm::cve) {
    PackedReader reader(name.bytes);
    const std::uint64_t year = reader.varint();
    return cve_of(year, reader.varint());
  }
  std::uint64_t number = 0;
  for (std::size_t i = name.bytes.size(); i-- > 0;) { number = number << 8 | static_cast<std::uint8_t>(name.bytes[i]); }
  return ghsa_of(number);
}

void append_name(std::string& out, std::string_view name) {
  const PackedName packed = pack_name(name);
  out += static_cast<char>(packed.form);
  if (packed.form == NameForm::text) append_varint(out, packed.bytes.size());
  out += packed.bytes;
}

void append_moment(std::string& out, const std::string& moment) {
  if (moment.empty()) return append_varint(out, kNoMoment);
  const auto parsed = parse_rfc3339(moment);
  const auto seconds = parsed ? parsed->time_since_epoch().count() : -1;
  if (seconds >= 0 && format_rfc3339(*parsed) == moment) {
    return append_varint(out, static_cast<std::uint64_t>(seconds) + kFirstMoment);
  }
  append_varint(out, kMomentInWords);
  append_packed_text(out, moment);
}

std::string read_moment(PackedReader& reader) {
  constexpr std::uint64_t kLastSecond = 253'402'300'799;  // of the year 9999
  const std::uint64_t moment = reader.varint();
  if (moment == kNoMoment) return {};
  if (moment == kMomentInWords) return std::string(reader.text());
  if (moment - kFirstMoment > kLastSecond) {
    reader.bytes(reader.left() + 1);
    return {};
  }
  return format_rfc3339(std::chrono::sys_seconds(std::chrono::seconds(moment - kFirstMoment)));
}

// The number of words, and each: 0 and a text, or one more than its number.
void append_summary(std::string& out, std::string_view summary, const WordNumber& number_of) {
  if (summary.empty()) return append_varint(out, 0);
  append_varint(out, static_cast<std::uint64_t>(std::count(summary.begin(), summary.end(), ' ')) + 1);
  for (bool is_last = false; !is_last;) {
    const std::size_t end = summary.find(' ');
    const std::string_view word = summary.substr(0, end);
    if (const auto number = number_of(word)) {
      append_varint(out, *number + 1);
    } else {
      append_varint(out, 0);
      append_packed_text(out, word);
    }
    is_last = end == summary.npos;
    summary.remove_prefix(is_last ? summary.size() : end + 1);
  }
}

Result<std::string> read_summary(PackedReader& reader, const WordOf& word_of) {
  std::string summary;
  const std::uint64_t words = reader.varint();
  for (std::uint64_t i = 0; i < words; ++i) {
    const std::uint64_t number = reader.varint();
    std::string_view word;
    if (number == 0) {
      word = reader.text();
    } else if (auto found = word_of(number - 1)) {
      word = *found;
    } else {
      return std::move(found).error();
    }
    if (!reader.is_sound() || summary.size() + word.size() > kMaxIndexedSummaryBytes) return no_details();
    if (i > 0) summary += ' ';
    summary += word;
  }
  return summary;
}

}  // namespace

PackedName pack_name(std::string_view name) {
  if (name.starts_with(kCve)) {
    const std::string_view rest = name.substr(kCve.size());
    const std::size_t dash = rest.find('-');
    const auto year = whole_number<std::uint64_t>(rest.substr(0, dash));
    const auto number = dash == rest.npos ? std::nullopt : whole_number<std::uint64_t>(rest.substr(dash + 1));
    constexpr std::uint64_t kMost = std::uint64_t{1} << 62;
    if (year && number && *year < kMost && *number < kMost && cve_of(*year, *number) == name) {
      PackedName packed{NameForm::cve};
      append_varint(packed.bytes, *year);
      append_varint(packed.bytes, *number);
      return packed;
    }
  }
  constexpr std::size_t kGhsaSize = kGhsa.size() + kGhsaGroups * (kGhsaGroup + 1) - 1;
  if (name.starts_with(kGhsa) && name.size() == kGhsaSize) {
    const auto number = ghsa_number(name.substr(kGhsa.size()));
    if (number && ghsa_of(*number) == name) return {NameForm::ghsa, fixed_bytes(*number, kGhsaBytes)};
  }
  return {NameForm::text, std::string(name)};
}

std::string usual_spelling(std::string_view name) {
  const auto begins_with = [&](std::string_view head) { return is_same_word(name.substr(0, head.size()), head); };
  if (begins_with(kCve)) return std::string(kCve) + std::string(name.substr(kCve.size()));
  if (begins_with(kGhsa)) return std::string(kGhsa) + in_lower_case(name.substr(kGhsa.size()));
  return std::string(name);
}

void append_details(std::string& out, const VulnerabilityDetails& details, const WordNumber& number) {
  append_name(out, details.id);
  append_varint(out, details.aliases.size());
  for (const std::string& alias : details.aliases) append_name(out, alias);
  append_moment(out, details.published);
  append_summary(out, details.summary, number);
}

Result<VulnerabilityDetails> read_details(std::string_view packed, const WordOf& word) {
  PackedReader reader(packed);
  VulnerabilityDetails details;
  details.id = spelled(take_name(reader, packed));
  const std::uint64_t aliases = reader.varint();
  if (aliases > kMaxAliases) return no_details();
  for (std::uint64_t i = 0; i < aliases && reader.is_sound(); ++i) {
    details.aliases.push_back(spelled(take_name(reader, packed)));
  }
  details.published = read_moment(reader);
  auto summary = read_summary(reader, word);
  if (!summary) return std::move(summary).error();
  details.summary = std::move(*summary);
  if (!reader.is_sound() || !reader.is_at_end()) return no_details();
  return details;
}

std::optional<bool> has_name(std::string_view packed, std::string_view name, const PackedName& packed_name) {
  PackedReader reader(packed);
  std::uint64_t names = 1;
  for (std::uint64_t i = 0; i < names; ++i) {
    const NameView own = take_name(reader, packed);
    if (i == 0) names += reader.varint();
    if (!reader.is_sound() || names > kMaxAliases + 1) return std::nullopt;
    const bool is_same = own.form == NameForm::text ? is_same_word(own.bytes, name)
                                                    : own.form == packed_name.form && own.bytes == packed_name.bytes;
    if (is_same) return true;
  }
  return false;
}

}  // namespace initscan
