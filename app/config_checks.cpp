#include "app/config_checks.hpp"

#include "app/config.hpp"
#include "tgkit/net/network.hpp"
#include "tgkit/ops/secret_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <unistd.h>

namespace app {
namespace {

using tgkit::ops::Options;
using tgkit::ops::Parsed;
using Wrong = std::optional<std::string>;

constexpr std::size_t least_token_secret = 30;  // Telegram's have 35
// Who Telegram says has written when it was nobody: its own notices, anonymous admins, posts of channels.
constexpr std::array<std::int64_t, 3> service_accounts = {777000, 1087968824, 136817688};

bool is_token_letter(unsigned char letter) {
  return (letter < 128 && std::isalnum(letter) != 0) || letter == '_' || letter == '-';
}

bool has_tokens_shape(const std::string& token) {
  const std::size_t colon = token.find(':');
  if (colon == 0 || colon == std::string::npos || token.size() - colon - 1 < least_token_secret) return false;
  return std::all_of(token.begin(), token.begin() + static_cast<std::ptrdiff_t>(colon),
                     [](char digit) { return digit >= '0' && digit <= '9'; }) &&
         std::all_of(token.begin() + static_cast<std::ptrdiff_t>(colon) + 1, token.end(), is_token_letter);
}

Wrong check_token(const Config& c) {
  if (has_tokens_shape(c.telegram_bot_token.reveal())) return std::nullopt;
  return "has not the shape of a bot's token, digits:letters, as @BotFather gives it: copy it as a whole";
}

Wrong check_people(const std::vector<std::int64_t>& ids) {
  for (const std::int64_t id : ids) {
    if (std::ranges::find(service_accounts, id) != service_accounts.end())
      return "names " + std::to_string(id) +
             ", which is no person but Telegram itself: whoever writes in a group's or channel's name would be let in";
    if (id <= 0) return "names " + std::to_string(id) + ", which is no person: people's ids are above 0";
  }
  return std::nullopt;
}

Wrong check_ca_file(const Config& c) {
  std::ifstream file(c.ca_file);
  if (!file) return "cannot be read: " + std::string(std::strerror(errno)) + "; correct the path or its mode";
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (text.find("-----BEGIN") != std::string::npos) return std::nullopt;
  return "holds no certificate (PEM)";
}

Wrong check_data_dir(const Config& c) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  fs::path there = fs::absolute(c.data_dir, ignored).lexically_normal();
  while (there.has_relative_path() && !fs::exists(fs::symlink_status(there, ignored))) there = there.parent_path();
  if (!fs::is_directory(there, ignored))
    return "DATA_DIR cannot be used: " + there.string() + " is no folder that can be opened";
  // A disk that is read-only at the moment is no mistake in the configuration: the start says so, and may be tried
  // again.
  if (::access(there.c_str(), R_OK | W_OK | X_OK) == 0 || errno == EROFS) return std::nullopt;
  return "DATA_DIR cannot be used: " + there.string() + ": " + std::strerror(errno) +
         "; give this user the folder, or name another one";
}

// Only what stays so: a port that is taken may be that of the instance which runs.
Wrong check_listening(const std::string& names, const std::string& host, std::uint16_t port) {
  using boost::asio::ip::tcp;
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
  if (error) return names + " cannot be listened on: the host must be an address like 127.0.0.1 or 0.0.0.0";
  boost::asio::io_context io(1);
  tcp::acceptor acceptor(io);
  acceptor.open(tcp::endpoint(address, port).protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(tcp::endpoint(address, port), error);
  if (!error || error == boost::asio::error::address_in_use) return std::nullopt;
  return names + " cannot be listened on: " + error.message();
}

Wrong check_plain_http(const Config& c, const std::string& name, const tgkit::net::Url& url) {
  const std::string& host = url.origin.host;
  if (url.origin.tls || tgkit::net::is_loopback(host)) return std::nullopt;
  if (std::ranges::find(c.allow_plain_http, host) != c.allow_plain_http.end()) return std::nullopt;
  return name +
         " must begin with https://, or everybody on the way could read the secrets; for a server of your own in "
         "the next container set ALLOW_PLAIN_HTTP to the name of its host";
}

Parsed<bool> read_hosts(std::string_view text, std::vector<std::string>& into) {
  std::vector<std::string> hosts;
  constexpr std::string_view separators = ", \t";
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    std::string host(text.substr(begin, end - begin));
    begin = end + 1;
    if (host.empty()) continue;
    if (host.find('/') != std::string::npos) return std::unexpected("must be names of hosts, without http:// and port");
    std::ranges::transform(host, host.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    hosts.push_back(std::move(host));
  }
  into = std::move(hosts);
  return true;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

void declare_checks(Options& options, Config& c) {
  const auto for_a_run = [&c](auto check) {
    return [&c, check]() -> Wrong { return c.needs_token ? check() : std::nullopt; };
  };
  options.section("Safety");
  options.custom(
      "ALLOW_PLAIN_HTTP", "HOSTS", "hosts beside this machine that may be spoken to without TLS",
      [&c](std::string_view text) { return read_hosts(text, c.allow_plain_http); },
      [&c] { return joined(c.allow_plain_http); });
  options.at("TELEGRAM_BOT_TOKEN").check(for_a_run([&c] { return check_token(c); }));
  options.at("ALLOWED_USERS").check([&c] { return check_people(c.allowed_users); });
  options.at("ADMIN_USERS").check([&c] { return check_people(c.admin_users); });
  options.at("CA_FILE").check(for_a_run([&c] { return check_ca_file(c); }));
  options.check_together({"DATA_DIR"}, for_a_run([&c] { return check_data_dir(c); }));
  options.check_together({"HEALTH_HOST", "HEALTH_PORT"}, for_a_run([&c] {
                           return check_listening("HEALTH_HOST and HEALTH_PORT", c.health_host, c.health_port);
                         }));
  options.check_together({"TELEGRAM_API_URL", "ALLOW_PLAIN_HTTP"},
                         for_a_run([&c] { return check_plain_http(c, "TELEGRAM_API_URL", c.telegram_api_url); }));
  options.check_together({"DMARKET_API_URL", "ALLOW_PLAIN_HTTP"},
                         for_a_run([&c] { return check_plain_http(c, "DMARKET_API_URL", c.dmarket_api_url); }));
  options.check_together({"WEBHOOK_URL", "WEBHOOK_LISTEN", "WEBHOOK_PORT"}, for_a_run([&c]() -> Wrong {
                           if (!c.webhook.url) return std::nullopt;
                           return check_listening("WEBHOOK_LISTEN and WEBHOOK_PORT", listen_address(c.webhook),
                                                  c.webhook.port);
                         }));
  options.warn_together({"DRY_RUN", "ADMIN_USERS"}, [&c]() -> Wrong {
    if (c.dry_run || c.sandbox || !c.admin_users.empty()) return std::nullopt;
    return "DRY_RUN is false but ADMIN_USERS names nobody: no one can switch to live mode, or stop it";
  });
  options.warn_together({"WEBHOOK_KEY"}, [&c] { return tgkit::ops::exposure("WEBHOOK_KEY", c.webhook.key_file); });
}

}  // namespace app
