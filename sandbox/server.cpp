#include "sandbox/server.hpp"

#include "sandbox/faults/travel.hpp"
#include "sandbox/page_files.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace sandbox {
namespace {

using tgkit::net::ServerRequest;
using tgkit::net::ServerResponse;

ServerResponse page(const ServerRequest& request) {
  if (request.method != "GET" && request.method != "HEAD") return ServerResponse(405, "method not allowed\n");
  constexpr std::string_view folder = "/page/";
  const std::string_view path = request.path;
  const std::string_view name = path == "/" || path == folder ? "index.html"
                                : path.starts_with(folder)    ? path.substr(folder.size())
                                                              : std::string_view{};
  for (const PageFile& file : page_files()) {
    if (file.name != name) continue;
    ServerResponse response(200, std::string(file.content), std::string(file.content_type));
    response.headers.add("Cache-Control", "no-cache");
    return response;
  }
  return ServerResponse(404, "not found: the Bot API is under /bot<token>/, the control API under /control/\n");
}

User person(std::int64_t id, const char* first_name, const char* username, const char* language) {
  User user;
  user.id = id;
  user.first_name = first_name;
  user.username = username;
  user.language_code = language;
  return user;
}

}  // namespace

Sandbox::Sandbox(tgkit::Executor executor, tgkit::Clock& clock, SandboxSettings settings)
    : world_(executor, clock, faults_, std::move(settings.world)),
      venue_(world_, std::move(settings.exchange)),
      bot_api_(world_, faults_, std::move(settings.bot_api)),
      courier_(
          executor, world_, faults_,
          [this](Bot& bot, MethodReply reply) {
            return bot_api_.perform(bot, std::move(reply.method), std::move(reply.arguments));
          },
          bot_api_.calls().capacity()),
      dmarket_(world_, faults_, venue_),
      control_(world_, faults_, bot_api_, courier_, venue_) {
  if (!settings.with_users) return;
  world_.put_user(person(100'000'001, "Anna", "anna", "en"));
  world_.put_user(person(100'000'002, "Boris", "boris", "ru"));
}

void Sandbox::stop() {
  courier_.stop();
  world_.stop();
}

tgkit::Task<ServerResponse> Sandbox::handle(ServerRequest request) {
  bool reset = false;
  try {
    co_return co_await route(std::move(request));
  } catch (const ConnectionDropped& dropped) {
    reset = dropped.reset;
  }
  if (reset) co_return reset_connection();
  // The server ends a cancelled exchange by closing its connection: just what is wanted.
  throw boost::system::system_error(boost::asio::error::operation_aborted);
}

tgkit::Task<ServerResponse> Sandbox::route(ServerRequest request) {
  const std::string_view path = request.path;
  if (path.starts_with("/bot") || path.starts_with("/file/bot")) co_return co_await bot_api_.handle(std::move(request));
  if (path.starts_with("/control/")) co_return co_await control_.handle(std::move(request));
  if (is_dmarket_path(path)) co_return co_await dmarket_.handle(std::move(request));
  co_return page(request);
}

}  // namespace sandbox
