#include "sandbox/control/control.hpp"

#include "sandbox/control/request.hpp"

#include <map>

namespace sandbox {
namespace {

using tgkit::net::ServerRequest;
using tgkit::net::ServerResponse;
using Handler = std::string (*)(const ControlRequest&);

constexpr char json_type[] = "application/json";

const std::map<std::string_view, Handler>& readers() {
  static const std::map<std::string_view, Handler> all{{"state", read_state},
                                                       {"transcript", read_transcript},
                                                       {"commands", read_commands},
                                                       {"faults", read_faults},
                                                       {"dmarket", change_dmarket},
                                                       {"dmarket-switches", change_switches_and_rules},
                                                       {"dmarket-books", read_books},
                                                       {"market", read_market},
                                                       {"market-title", read_market_title},
                                                       {"market-account", read_market_account},
                                                       {"answer-state", answer_state},
                                                       {"flood-limits", flood_limits},
                                                       {"time", read_time},
                                                       {"payment-state", payment_state},
                                                       {"inline-state", inline_state}};
  return all;
}

const std::map<std::string_view, Handler>& writers() {
  static const std::map<std::string_view, Handler> all{{"users", put_user},
                                                       {"bots", put_bot},
                                                       {"chats", put_chat},
                                                       {"send", send_as_user},
                                                       {"press", press_button},
                                                       {"pay", pay_invoice},
                                                       {"inline", ask_inline},
                                                       {"choose", choose_inline},
                                                       {"edit", edit_as_user},
                                                       {"delete", delete_message},
                                                       {"block", block},
                                                       {"inject", inject},
                                                       {"faults", change_faults},
                                                       {"flood-limits", flood_limits},
                                                       {"answer-state", answer_state},
                                                       {"dmarket", change_dmarket},
                                                       {"dmarket-switches", change_switches_and_rules},
                                                       {"market", act_in_market}};
  return all;
}

void read_body(const ServerRequest& request, ControlRequest& into) {
  const std::string_view type = request.headers.find("content-type").value_or("");
  if (type.starts_with("multipart/form-data")) {
    if (!read_multipart(type, request.body, into.uploads)) throw ControlError("the multipart body is malformed");
    for (const auto& [name, value] : into.uploads.values()) into.body[name] = value;
    return;
  }
  if (request.body.empty()) return;
  auto value = parse_json(request.body);
  if (!value || !value->is_object()) throw ControlError("the body must be a JSON object");
  into.body = std::move(value->get_object());
}

void read_query(const ServerRequest& request, ControlRequest& into) {
  Arguments arguments;
  read_urlencoded(request.query, arguments);
  for (const auto& [name, value] : arguments.values()) {
    if (!into.has(name)) into.body[name] = value;
  }
}

ServerResponse refused(int status, std::string_view text) {
  return ServerResponse(status, "{\"error\":" + quote(text) + "}", json_type);
}

}  // namespace

tgkit::Task<ServerResponse> Control::route(const ServerRequest& request) {
  const std::string_view name = std::string_view(request.path).substr(std::string_view("/control/").size());
  ControlRequest asked{world_, faults_, bot_api_, courier_, venue_, {}, {}, world_.events().last()};
  if (request.method == "GET") {
    read_query(request, asked);
    if (name == "events") co_return ServerResponse(200, co_await read_events(asked), json_type);
    if (name == "calls") co_return ServerResponse(200, co_await read_calls(asked), json_type);
    if (name == "dmarket-calls") co_return ServerResponse(200, co_await read_exchange_calls(asked), json_type);
    if (name == "market-events") co_return ServerResponse(200, co_await read_market_events(asked), json_type);
    if (name == "deliveries") co_return ServerResponse(200, co_await read_deliveries(asked), json_type);
    if (name == "transcript" && asked.text("format") == "text") co_return ServerResponse(200, transcript_text(asked));
    if (name == "file") {
      const StoredFile& file = read_file(asked);
      co_return ServerResponse(200, *file.content, file.mime_type);
    }
    const auto reader = readers().find(name);
    if (reader != readers().end()) co_return ServerResponse(200, reader->second(asked), json_type);
  } else if (request.method == "POST") {
    read_body(request, asked);
    if (name == "time") co_return ServerResponse(200, co_await change_time(asked), json_type);
    if (name == "wait") co_return ServerResponse(200, co_await wait_for(asked), json_type);
    const auto writer = writers().find(name);
    if (writer != writers().end()) co_return ServerResponse(200, writer->second(asked), json_type);
  }
  co_return refused(404, "no such control call with this method; docs/sandbox.md lists them");
}

tgkit::Task<ServerResponse> Control::handle(ServerRequest request) {
  ServerResponse response;
  if (request.method == "OPTIONS") {
    response.status = 204;
    response.headers.add("Access-Control-Allow-Headers", "content-type");
    response.headers.add("Access-Control-Allow-Methods", "GET, POST");
  } else {
    try {
      response = co_await route(request);
    } catch (const ControlError& error) {
      response = refused(error.status(), error.what());
    } catch (const Refusal& refusal) {
      response = refused(400, refusal.what());
    }
  }
  response.headers.add("Access-Control-Allow-Origin", "*");
  co_return response;
}

}  // namespace sandbox
