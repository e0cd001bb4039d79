#include "tgkit/telegram/answer.hpp"

#include "tgkit/json/reader.hpp"
#include "tgkit/net/http_date.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace tgkit::telegram {
namespace {

constexpr std::size_t excerpt_limit = 120;

struct Envelope {
  std::optional<bool> ok;
  std::string_view result;
  std::int64_t error_code = 0;
  std::string description;
  std::optional<std::int64_t> retry_after, migrate_to_chat_id;
  bool whole = false;  // the text is one complete JSON object
};

void read_parameters(tgkit::json::Reader& reader, Envelope& to) {
  std::string_view key;
  bool first = reader.enter_object();
  if (!first) {
    reader.skip();
    return;
  }
  while (reader.next_key(first, key)) {
    std::int64_t number = 0;
    const bool wait = key == "retry_after";
    const bool moved = key == "migrate_to_chat_id";
    if (!reader.integer(number)) {
      reader.skip();
    } else if (wait) {
      to.retry_after = number;
    } else if (moved) {
      to.migrate_to_chat_id = number;
    }
  }
}

void read_member(tgkit::json::Reader& reader, std::string_view key, Envelope& to) {
  bool flag = false;
  if (key == "ok") {
    if (reader.boolean(flag))
      to.ok = flag;
    else
      reader.skip();
  } else if (key == "result") {
    reader.raw(to.result);
  } else if (key == "error_code") {
    if (!reader.integer(to.error_code)) reader.skip();
  } else if (key == "description") {
    if (!reader.string(to.description)) reader.skip();
  } else if (key == "parameters") {
    read_parameters(reader, to);
  } else {
    reader.skip();
  }
}

Envelope read_envelope(std::string_view body) {
  Envelope envelope;
  tgkit::json::Reader reader(body);
  std::string_view key;
  bool first = reader.enter_object();
  if (!first) return envelope;
  while (reader.next_key(first, key)) read_member(reader, key, envelope);
  envelope.whole = !reader.broken() && reader.at_end();
  return envelope;
}

// Bytes of a body that is no answer, fit for a log line: control characters and markup's line breaks become blanks.
std::string excerpt(std::string_view body) {
  std::string out;
  for (const char c : body.substr(0, excerpt_limit)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20) {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      out += byte < 0x7f ? c : '?';
    }
  }
  if (body.size() > excerpt_limit) out += "...";
  return out;
}

std::string describe_bad_body(int status, std::string_view body) {
  const std::string text = excerpt(body);
  if (text.empty()) return "HTTP " + std::to_string(status) + " with an empty body";
  return "HTTP " + std::to_string(status) + " with a body that is no answer of the Bot API: " + text;
}

// The program behind the API answers with the HTTP status that its error_code says, so 4xx is a refusal; 5xx may come
// from the front after the call was passed on.
Outcome outcome_of_status(int status) {
  const bool refused = (status >= 400 && status < 500) || status == 501;
  return refused ? Outcome::not_sent : Outcome::unknown;
}

void mask(std::string& text, std::string_view secret) {
  for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
    text.replace(at, secret.size(), "***");
    at += 3;
  }
}

bool begins_as_success(std::string_view body) {
  std::string seen;
  for (const char c : body) {
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    seen += c;
    if (seen.size() == 10) break;
  }
  return seen == R"({"ok":true)";
}

Error make_error(std::string_view method, const net::HttpResponse& response, Envelope envelope,
                 const net::Secret& token) {
  Error::Details details;
  details.method = method;
  details.http_status = response.status;
  details.error_code = response.status;
  details.outcome = outcome_of_status(response.status);
  if (response.status == 429) details.retry_after = net::retry_after(response.headers, std::nullopt);
  if (envelope.whole && envelope.ok == false) {
    details.kind = Error::Kind::answered;
    if (envelope.error_code != 0) details.error_code = static_cast<int>(envelope.error_code);
    details.outcome = outcome_of_status(details.error_code);
    details.description = without_token(std::move(envelope.description), token);
    if (envelope.retry_after && *envelope.retry_after >= 0) {
      details.retry_after = std::chrono::seconds{*envelope.retry_after};
    }
    details.migrate_to_chat_id = envelope.migrate_to_chat_id;
  } else {
    details.kind = Error::Kind::bad_body;
    // Masked before it is shortened: a cut must not leave half of the token.
    details.description = describe_bad_body(response.status, without_token(response.body, token));
    // The body was cut, but what is there says that the call was executed.
    if (begins_as_success(response.body)) details.outcome = Outcome::sent;
  }
  return Error(std::move(details));
}

}  // namespace

std::string read_answer(std::string_view method, net::HttpResponse response, const net::Secret& token) {
  Envelope envelope = read_envelope(response.body);
  if (!envelope.whole || envelope.ok != true || envelope.result.empty()) {
    throw make_error(method, response, std::move(envelope), token);
  }
  const auto begin = static_cast<std::size_t>(envelope.result.data() - response.body.data());
  response.body.resize(begin + envelope.result.size());
  response.body.erase(0, begin);
  return std::move(response.body);
}

Error error_of_answer(std::string_view method, const net::HttpResponse& response, const net::Secret& token) {
  return make_error(method, response, read_envelope(response.body), token);
}

Error error_of_transport(std::string_view method, const net::Error& cause, const net::Secret& token) {
  Error::Details details;
  details.kind = Error::Kind::transport;
  details.method = method;
  details.description = without_token(cause.what(), token);
  details.outcome = cause.sent() == net::Sent::nothing ? Outcome::not_sent : Outcome::unknown;
  return Error(std::move(details));
}

Error error_of_result(std::string_view method, std::string_view reason) {
  Error::Details details;
  details.kind = Error::Kind::bad_body;
  details.method = method;
  details.http_status = details.error_code = 200;
  details.description = "the result cannot be read: " + std::string(reason);
  details.outcome = Outcome::sent;
  return Error(std::move(details));
}

Error error_before_sending(std::string_view method, std::string_view reason) {
  Error::Details details;
  details.kind = Error::Kind::local;
  details.method = method;
  details.description = reason;
  details.outcome = Outcome::not_sent;
  return Error(std::move(details));
}

std::string without_token(std::string text, const net::Secret& token) {
  const std::string_view whole = token.reveal();
  if (whole.empty()) return text;
  mask(text, whole);
  // Addresses may write the colon as %3A; the half after it is what must not be seen.
  const std::size_t colon = whole.find(':');
  const std::string_view half = colon == std::string_view::npos ? std::string_view() : whole.substr(colon + 1);
  constexpr std::size_t shortest_secret = 8;  // a shorter one is none, and would mask ordinary words
  if (half.size() >= shortest_secret) mask(text, half);
  return text;
}

}  // namespace tgkit::telegram
