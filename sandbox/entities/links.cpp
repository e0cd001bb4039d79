#include "sandbox/entities/links.hpp"

#include "sandbox/entities/unicode.hpp"

#include <charconv>

namespace sandbox {
namespace {

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stopped != end) return std::nullopt;
  return value;
}

bool cut_prefix(std::string_view& text, std::string_view prefix) {
  if (ascii_lower(text.substr(0, prefix.size())) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

struct HttpAddress {
  bool https = false;
  bool has_scheme = false;
  bool ipv6 = false;
  std::string user;
  std::string host;
  int port = 0;      // 0: not given
  std::string rest;  // path, query and fragment; begins with '/'
};

std::string url_path(std::string_view rest) {
  while (!rest.empty() && is_blank(rest.back())) rest.remove_suffix(1);
  std::string path;
  if (rest.empty() || rest.front() != '/') path = "/";
  for (const char c : rest) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20) {
      path += c;
    } else {
      path += '%';
      path += "0123456789ABCDEF"[byte / 16];
      path += "0123456789ABCDEF"[byte % 16];
    }
  }
  return path;
}

bool is_hex(char c) { return is_ascii_digit(static_cast<unsigned char>(c)) || (c >= 'a' && c <= 'f'); }

// Nothing when the host is fine.
std::string host_fault(std::string_view host) {
  for (std::size_t i = 0; i < host.size(); ++i) {
    const char c = host[i];
    if (c == '%') {
      if (i + 2 >= host.size() || !is_hex(host[i + 1]) || !is_hex(host[i + 2])) {
        return "Wrong percent-encoded symbol in URL host";
      }
      i += 2;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    const bool punctuation = std::string_view(".-_!$,~*'();&+=").find(c) != std::string_view::npos;
    if (byte < 0x80 && !is_ascii_letter(byte) && !is_ascii_digit(byte) && !punctuation) return "Wrong URL host";
  }
  return {};
}

std::string ipv6_fault(std::string_view host) {
  const std::string_view inner = host.substr(1, host.size() - 2);
  const bool fits = inner.find(':') != std::string_view::npos &&
                    inner.find_first_not_of("0123456789abcdef:.") == std::string_view::npos;
  return fits ? std::string() : "Wrong IPv6 address specified in the URL";
}

// Cuts ":port" off the end of an authority; false for a wrong port.
bool cut_port(std::string_view& authority, int& port) {
  const std::size_t colon = authority.find_last_of(":]@");
  if (colon == std::string_view::npos || colon == 0 || authority[colon] != ':') return true;
  const auto number = whole_number<int>(authority.substr(colon + 1));
  if (!number || *number <= 0 || *number > 65535) return false;
  port = *number;
  authority = authority.substr(0, colon);
  return true;
}

std::expected<HttpAddress, std::string> read_http(std::string_view url) {
  HttpAddress address;
  const std::size_t scheme_end = url.find_first_of(":/?#@[]");
  if (scheme_end != std::string_view::npos && url.substr(scheme_end).starts_with("://")) {
    const std::string scheme = ascii_lower(url.substr(0, scheme_end));
    if (scheme != "http" && scheme != "https") return std::unexpected("Unsupported URL protocol");
    address.https = scheme == "https";
    address.has_scheme = true;
    url.remove_prefix(scheme_end + 3);
  }
  std::string_view authority = url.substr(0, url.find_first_of("/?#"));
  address.rest = url_path(url.substr(authority.size()));
  if (!cut_port(authority, address.port)) return std::unexpected("Wrong port number specified in the URL");
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    address.user = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  address.host = ascii_lower(authority);
  if (address.host.empty()) return std::unexpected("URL host is empty");
  if (address.host == ".") return std::unexpected("Host is invalid");
  address.ipv6 = address.host.size() > 2 && address.host.front() == '[' && address.host.back() == ']';
  if (std::string fault = address.ipv6 ? ipv6_fault(address.host) : host_fault(address.host); !fault.empty()) {
    return std::unexpected(std::move(fault));
  }
  return address;
}

std::expected<std::string, std::string> check_app_link(std::string_view link, std::string_view scheme) {
  if (link.starts_with("//")) link.remove_prefix(2);
  const auto address = read_http(link);
  if (!address) return std::unexpected(address.error());
  const std::string wrong = scheme == "tg" ? "Wrong tg URL" : "Wrong ton URL";
  if (address->has_scheme || !address->user.empty() || address->port != 0 || address->ipv6)
    return std::unexpected(wrong);
  for (const char c : address->host) {
    const auto byte = static_cast<unsigned char>(c);
    const bool allowed = is_ascii_word(byte) || c == '-' || (scheme == "tonsite" && c == '.');
    if (!allowed) return std::unexpected("Unallowed characters in URL host");
  }
  std::string_view rest = address->rest;
  if (rest.starts_with("/?")) rest.remove_prefix(1);
  return std::string(scheme) + "://" + address->host + std::string(rest);
}

// The value of `key` in the query of tg:<host>?...; nothing when the link is another one.
std::optional<std::string_view> tg_query(std::string_view link, std::string_view host) {
  if (!cut_prefix(link, "tg:")) return std::nullopt;
  cut_prefix(link, "//");
  if (!cut_prefix(link, host)) return std::nullopt;
  cut_prefix(link, "/");
  if (!cut_prefix(link, "?")) return std::nullopt;
  return link.substr(0, link.find('#'));
}

std::optional<std::string_view> query_value(std::string_view query, std::string_view key) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    if (ascii_lower(pair.substr(0, equals)) != key) continue;
    return equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
  }
  return std::nullopt;
}

}  // namespace

std::expected<std::string, std::string> check_link(std::string_view link) {
  for (const std::string_view scheme : {"tg", "ton", "tonsite"}) {
    std::string_view rest = link;
    if (cut_prefix(rest, std::string(scheme) + ":")) return check_app_link(rest, scheme);
  }
  const auto address = read_http(link);
  if (!address) return std::unexpected(address.error());
  if (address->host.find('.') == std::string::npos && !address->ipv6) return std::unexpected("Wrong HTTP URL");
  std::string url = address->https ? "https://" : "http://";
  if (!address->user.empty()) url += address->user + '@';
  url += address->host;
  if (address->port != 0) url += ':' + std::to_string(address->port);
  return url + address->rest;
}

std::optional<std::int64_t> user_of_link(std::string_view link) {
  const auto query = tg_query(link, "user");
  const auto value = query ? query_value(*query, "id") : std::nullopt;
  const auto id = value ? whole_number<std::int64_t>(*value) : std::nullopt;
  constexpr std::int64_t kMaxUser = (std::int64_t{1} << 40) - 1;
  return id && *id > 0 && *id <= kMaxUser ? id : std::nullopt;
}

bool is_emoji_id(std::string_view id) {
  const auto number = whole_number<std::int64_t>(id);
  return number && *number != 0;
}

std::optional<std::string> emoji_of_link(std::string_view link) {
  const auto query = tg_query(link, "emoji");
  const auto value = query ? query_value(*query, "id") : std::nullopt;
  if (!value || !is_emoji_id(*value)) return std::nullopt;
  return std::string(*value);
}

std::optional<std::string> normal_date_format(std::string_view format) {
  if (format == "r" || format == "R") return "r";
  if (format.find_first_not_of("tTdDwW") != std::string_view::npos) return std::nullopt;
  const auto has = [format](char c) { return format.find(c) != std::string_view::npos; };
  std::string normal;
  if (has('w') || has('W')) normal += 'w';
  if (has('d') || has('D')) normal += has('d') ? 'd' : 'D';
  if (has('t') || has('T')) normal += has('t') ? 't' : 'T';
  return normal;
}

std::optional<DateLink> date_of_link(std::string_view link) {
  const auto query = tg_query(link, "time");
  const auto unix_time = query ? query_value(*query, "unix") : std::nullopt;
  const auto seconds = unix_time ? whole_number<std::int32_t>(*unix_time) : std::nullopt;
  if (!seconds || *seconds <= 0) return std::nullopt;
  return DateLink{*seconds, std::string(query_value(*query, "format").value_or(""))};
}

}  // namespace sandbox
