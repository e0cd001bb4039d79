#include "sandbox/bot_api/server.hpp"

#include "sandbox/bot_api/methods.hpp"
#include "sandbox/bot_api/schema.hpp"
#include "sandbox/bot_api/sending.hpp"
#include "sandbox/bot_api/updates.hpp"
#include "sandbox/entities/unicode.hpp"
#include "tgkit/net/url.hpp"

#include <algorithm>

namespace sandbox {
namespace {

using tgkit::net::ServerRequest;
using tgkit::net::ServerResponse;

constexpr std::size_t most_recorded = 64u << 10;  // bytes of one parameter
constexpr std::string_view conflict_words =
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";

struct Address {
  std::string token;
  std::string rest;  // method or file path
};

// "/bot<token>/<rest>"; the test environment's "test/" is the same world here.
std::optional<Address> split_address(std::string_view path, std::string_view prefix) {
  const std::string decoded = tgkit::net::percent_decode(path.substr(prefix.size()));
  const std::size_t slash = decoded.find('/');
  if (slash == std::string::npos) return std::nullopt;
  Address address{decoded.substr(0, slash), decoded.substr(slash + 1)};
  if (address.rest.starts_with("test/")) address.rest.erase(0, 5);
  return address;
}

bool well_formed(std::string_view token) {
  const std::size_t colon = token.find(':');
  if (colon == 0 || colon == std::string_view::npos || colon > 15 || colon + 1 == token.size()) return false;
  const auto digit = [](unsigned char c) { return is_ascii_digit(c); };
  const auto letter = [](unsigned char c) { return is_ascii_word(c) || c == '-'; };
  const std::string_view id = token.substr(0, colon);
  const std::string_view secret = token.substr(colon + 1);
  return std::all_of(id.begin(), id.end(), digit) && std::all_of(secret.begin(), secret.end(), letter) &&
         lenient_integer(id) > 0;
}

ServerResponse http(const Answer& answer) {
  ServerResponse response(answer.status, answer.body, answer.content_type);
  if (answer.retry_after) response.headers.add("Retry-After", std::to_string(*answer.retry_after));
  return response;
}

ServerResponse reader_error(int status) {  // the real reader says nothing and closes
  ServerResponse response(status);
  response.close = true;
  return response;
}

Answer faulty_answer(const Fault& fault) {
  using Action = Fault::Action;
  const auto text_or = [&](std::string_view usual) {
    return fault.description.empty() ? std::string(usual) : fault.description;
  };
  if (fault.action == Action::status) return failure(fault.status, text_or("Internal Server Error"), fault.parameters);
  if (fault.action == Action::conflict) return failure(409, text_or(conflict_words));
  if (fault.action == Action::flood) return too_many_requests(fault.delay.count() / 1000);
  Answer answer;
  answer.status = fault.status;
  answer.error = "fault";
  if (fault.action == Action::html) {
    answer.content_type = "text/html";
    answer.body = "<html>\r\n<head><title>" + std::to_string(fault.status) +
                  "</title></head>\r\n<body><center><h1>Bad Gateway</h1></center></body>\r\n</html>\r\n";
  } else if (fault.action == Action::body) {
    answer.body = fault.body;
  }
  return answer;
}

// The chat a call is about; 0: none.
std::int64_t named_chat(World& world, const Arguments& arguments) {
  const std::string& id = arguments.text("chat_id");
  if (!id.starts_with('@')) return lenient_integer(id);
  const Chat* chat = world.chat(std::string_view(id));
  return chat ? chat->key.chat : 0;
}

void record_parameters(const Arguments& arguments, RecordedCall& record) {
  for (const auto& [name, value] : arguments.values())
    record.parameters.emplace_back(name, value.substr(0, most_recorded));
  for (const UploadedFile& file : arguments.files()) {
    record.files.push_back({file.field, {file.name, file.content.size()}});
  }
}

// A known method that is not simulated: checked, then answered with the least its type allows. What should bring a
// message brings one that says so.
std::string checked_only(Call& call) {
  check_against_schema(call.method, call.arguments);
  if (!takes_chat(call.method)) return plausible_result(call.method);
  if (!returns_message(call.method)) {
    readable_chat(call);
    return plausible_result(call.method);
  }
  return send(call, json::object{{"text", "[" + std::string(call.method) + "]"}}).text;
}

}  // namespace

Bot* BotApi::admit(std::string_view token) {
  if (settings_.revoked_tokens.contains(std::string(token))) return nullptr;
  const std::size_t colon = token.find(':');
  Bot& bot = world_.ensure_bot(lenient_integer(token.substr(0, colon)));
  const tgkit::net::Secret secret{std::string(token.substr(colon + 1))};
  if (!bot.secret) bot.secret = secret;
  return *bot.secret == secret ? &bot : nullptr;
}

ServerResponse BotApi::download(std::string_view path) {
  const auto address = split_address(path, "/file/bot");
  if (!address || !well_formed(address->token)) return http(failure(404, "Not Found"));
  if (!admit(address->token)) return http(failure(401, "Unauthorized"));
  const StoredFile* file = world_.files().by_path(address->rest);
  if (!file) return http(failure(404, "Not Found"));
  return ServerResponse(200, *file->content, file->mime_type);
}

tgkit::Task<ServerResponse> BotApi::handle(ServerRequest request) {
  if (request.method != "GET" && request.method != "POST") co_return reader_error(501);
  if (request.path.starts_with("/file/bot")) co_return download(request.path);
  const auto address = split_address(request.path, "/bot");
  if (!address || !well_formed(address->token)) co_return http(failure(404, "Not Found"));
  auto arguments = read_arguments(request);
  if (!arguments) co_return reader_error(arguments.error());
  Bot* bot = admit(address->token);
  if (!bot) co_return http(failure(401, "Unauthorized"));

  const std::string method = address->rest.empty() ? arguments->text("method") : address->rest;
  co_return co_await recorded(*bot, method, request.method, *arguments);
}

tgkit::Task<> BotApi::perform(Bot& bot, std::string method, Arguments arguments) {
  try {
    co_await recorded(bot, std::move(method), "WEBHOOK", arguments);
  } catch (const ConnectionDropped&) {  // there is nobody to tell
  }
}

tgkit::Task<ServerResponse> BotApi::recorded(Bot& bot, std::string name, std::string http_method,
                                             const Arguments& arguments) {
  RecordedCall record;
  record.bot = bot.id;
  record.http_method = std::move(http_method);
  record.started = world_.exact_now();
  record_parameters(arguments, record);
  const auto documented = documented_method(name);
  const Method* simulated = find_method(name);
  record.method = documented ? std::string(*documented) : simulated ? std::string(simulated->name) : std::move(name);

  const Occasion occasion{record.method, bot.id, named_chat(world_, arguments)};
  const std::optional<Fault> fault = faults_.take(occasion);
  if (fault) record.fault = std::string(name_of(fault->action));
  std::optional<ServerResponse> response;
  std::exception_ptr dropped;
  try {
    const Answer given = co_await carry_out(bot, arguments, fault, record);
    response = http(given);
    if (fault) response = on_the_way_back(world_, *fault, std::move(*response));
    record.status = given.status;
    record.error = given.error;
  } catch (const ConnectionDropped&) {
    dropped = std::current_exception();
  }
  record.ended = world_.exact_now();
  calls_.append(std::move(record));
  world_.changed().notify();
  if (dropped) std::rethrow_exception(dropped);
  co_return std::move(*response);
}

tgkit::Task<Answer> BotApi::carry_out(Bot& bot, const Arguments& arguments, const std::optional<Fault>& fault,
                                      RecordedCall& record) {
  if (fault) co_await on_the_way_there(world_, *fault);
  if (fault && answers_instead(fault->action)) co_return faulty_answer(*fault);
  Answer given = co_await answer(bot, record.method, arguments);
  if (settings_.latency.count() > 0 && record.method != "getUpdates") co_await world_.hold(settings_.latency);
  if (fault) co_await on_the_way_out(world_, *fault);
  co_return given;
}

// The seconds after which this may be sent; nothing: now.
std::optional<std::int64_t> BotApi::flood_wait(const Bot& bot, std::string_view method, const Arguments& arguments) {
  if (!flood_.settings().enabled) return std::nullopt;
  const std::int64_t chat = named_chat(world_, arguments);
  const auto list = parse_json(arguments.text(method == "sendMediaGroup" ? "media" : "message_ids"));
  const int items = list && list->is_array() ? static_cast<int>(list->get_array().size()) : 1;
  return flood_.refused(bot.id, chat, flood_weight(method, chat < 0, items), world_.clock().now());
}

tgkit::Task<Answer> BotApi::answer(Bot& bot, std::string_view name, const Arguments& arguments) {
  try {
    if (bot.logged_out) throw Refusal(400, "Bad Request: Logged out");
    if (name == "getUpdates") {
      const std::string updates = co_await get_updates(world_, bot, arguments);
      co_return success(updates);
    }
    if (const auto wait = flood_wait(bot, name, arguments)) co_return too_many_requests(*wait);
    Call call{world_, bot, arguments, name};
    if (const Method* method = find_method(name)) {
      const Result result = method->carry_out(call);
      co_return success(result.json, result.description);
    }
    if (!documented_method(name)) co_return failure(404, "Not Found: method not found");
    co_return success(checked_only(call));
  } catch (const Refusal& refusal) {
    if (refusal.code() == 429) co_return too_many_requests(1);
    co_return failure(refusal.code(), refusal.what());
  }
}

}  // namespace sandbox
