#include "tgkit/net/network.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <vector>

#include <boost/asio/ip/address.hpp>

namespace tgkit::net {

namespace {

using Bytes = std::array<unsigned char, 16>;
constexpr unsigned mapped_bits = 96;  // before an IPv4 address in its mapped form

boost::asio::ip::address_v6 in_one_form(const boost::asio::ip::address& address) {
  return address.is_v4() ? boost::asio::ip::make_address_v6(boost::asio::ip::v4_mapped, address.to_v4())
                         : address.to_v6();
}

std::optional<Bytes> bytes_of(std::string_view text) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(text, error);
  if (error) return std::nullopt;
  return in_one_form(address).to_bytes();
}

bool same_prefix(const Bytes& a, const Bytes& b, unsigned bits) {
  const unsigned whole = bits / 8, rest = bits % 8;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  if (rest == 0) return true;
  const unsigned mask = 0xFFU << (8 - rest) & 0xFFU;
  return (a[whole] & mask) == (b[whole] & mask);
}

bool is_zero_behind(const Bytes& bytes, unsigned bits) {
  for (unsigned i = bits; i < 128; ++i)
    if ((bytes[i / 8] >> (7 - i % 8) & 1U) != 0) return false;
  return true;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Some proxies write the port, too: "192.0.2.1:4711", "[2001:db8::1]:4711".
std::string_view without_port(std::string_view entry) {
  if (entry.starts_with('[') && entry.find(']') != std::string_view::npos) return entry.substr(1, entry.find(']') - 1);
  if (std::ranges::count(entry, ':') == 1) return entry.substr(0, entry.find(':'));
  return entry;
}

std::vector<std::string_view> forwarded_for(const Headers& headers) {
  std::vector<std::string_view> hops;
  for (const auto& [name, value] : headers) {
    if (!equal_without_case(name, "X-Forwarded-For")) continue;
    for (std::size_t begin = 0; begin <= value.size();) {
      const std::size_t end = std::min(value.find(',', begin), value.size());
      hops.push_back(without_port(trimmed(value.substr(begin, end - begin))));
      begin = end + 1;
    }
  }
  return hops;
}

}  // namespace

Network Network::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(text.substr(0, slash), error);
  if (error) throw std::invalid_argument("must be an address or a network, like 192.0.2.7 or 149.154.160.0/20");
  Network network;
  network.bytes_ = in_one_form(address).to_bytes();
  if (slash == std::string_view::npos) return network;
  const std::string_view digits = text.substr(slash + 1);
  const unsigned most = address.is_v4() ? 32 : 128;
  unsigned prefix = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
  if (failed != std::errc() || end != digits.data() + digits.size() || prefix > most)
    throw std::invalid_argument("has no size from 0 to " + std::to_string(most) + " behind the slash");
  network.prefix_ = prefix + (address.is_v4() ? mapped_bits : 0);
  if (!is_zero_behind(network.bytes_, network.prefix_))
    throw std::invalid_argument("names an address inside the network instead of its first one: write the first");
  return network;
}

bool Network::contains(std::string_view address) const {
  const std::optional<Bytes> bytes = bytes_of(address);
  return bytes && same_prefix(*bytes, bytes_, prefix_);
}

std::string Network::text() const {
  const boost::asio::ip::address_v6 address(bytes_);
  if (!address.is_v4_mapped()) return address.to_string() + "/" + std::to_string(prefix_);
  return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address).to_string() + "/" +
         std::to_string(prefix_ - mapped_bits);
}

bool is_loopback(std::string_view host) {
  static const Network v4 = Network::parse("127.0.0.0/8");
  return host == "localhost" || host == "::1" || v4.contains(host);
}

bool any_contains(std::span<const Network> networks, std::string_view address) {
  return std::ranges::any_of(networks, [address](const Network& network) { return network.contains(address); });
}

std::string client_address(std::string_view peer, const Headers& headers, std::span<const Network> trusted) {
  if (!any_contains(trusted, peer)) return std::string(peer);
  const std::vector<std::string_view> hops = forwarded_for(headers);
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    if (!bytes_of(*hop)) return {};
    if (!any_contains(trusted, *hop)) return std::string(*hop);
  }
  return std::string(hops.empty() ? peer : hops.front());
}

}  // namespace tgkit::net
