#include "tgkit/json/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tgkit::json {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

// What a first byte asks for: how many bytes follow, and between which the next one stands.
struct Lead {
  int follow = -1;  // below 0: no first byte
  unsigned char least = 0x80, most = 0xbf;
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {0};
  if (byte >= 0xc2 && byte <= 0xdf) return {1};
  if (byte == 0xe0) return {2, 0xa0, 0xbf};
  if (byte == 0xed) return {2, 0x80, 0x9f};
  if (byte >= 0xe1 && byte <= 0xef) return {2};
  if (byte == 0xf0) return {3, 0x90, 0xbf};
  if (byte == 0xf4) return {3, 0x80, 0x8f};
  if (byte >= 0xf1 && byte <= 0xf3) return {3};
  return {};
}

struct Sequence {
  std::size_t length = 1;  // of it, or of as much of it as there is
  bool valid = false;
};

Sequence sequence_at(std::string_view text, std::size_t at) {
  Lead lead = lead_of(static_cast<unsigned char>(text[at]));
  std::size_t length = 1;
  for (; lead.follow > 0 && at + length < text.size(); --lead.follow) {
    const auto byte = static_cast<unsigned char>(text[at + length]);
    if (byte < lead.least || byte > lead.most) return {length, false};
    lead.least = 0x80;
    lead.most = 0xbf;
    ++length;
  }
  return {length, lead.follow == 0};
}

// The first byte that is not ASCII, eight at a time.
std::size_t skip_ascii(std::string_view text, std::size_t at) {
  for (std::uint64_t eight; text.size() - at >= sizeof eight; at += sizeof eight) {
    std::memcpy(&eight, text.data() + at, sizeof eight);
    if ((eight & 0x8080808080808080U) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

// Where the first bytes stand that are no UTF-8; the end when there are none.
std::size_t find_invalid(std::string_view text, std::size_t at) {
  while ((at = skip_ascii(text, at)) < text.size()) {
    const Sequence sequence = sequence_at(text, at);
    if (!sequence.valid) break;
    at += sequence.length;
  }
  return at;
}

}  // namespace

bool is_valid_utf8(std::string_view text) { return find_invalid(text, 0) == text.size(); }

std::string with_valid_utf8(std::string text) {
  std::size_t bad = find_invalid(text, 0);
  if (bad == text.size()) return text;
  std::string out;
  std::size_t copied = 0;
  for (; bad < text.size(); bad = find_invalid(text, copied)) {
    out.append(text, copied, bad - copied);
    out += replacement;
    copied = bad + sequence_at(text, bad).length;
  }
  return out.append(text, copied);
}

}  // namespace tgkit::json
