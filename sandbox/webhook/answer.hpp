#pragma once
// What a webhook's answer, or its silence, means, in the real server's words. Pure.
#include "sandbox/bot_api/arguments.hpp"
#include "tgkit/net/error.hpp"
#include "tgkit/net/http.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace sandbox {

struct MethodReply {
  std::string method;
  Arguments arguments;
};

bool accepted(int status);                                  // any 2xx; a redirect is a failure
std::string refusal_words(int status);                      // "Wrong response from the webhook: 404 Not Found"
std::string failure_words(const tgkit::net::Error& error);  // "Connection refused"
std::chrono::seconds wanted_pause(const tgkit::net::Headers& headers);  // Retry-After in seconds; zero: none

// The call that an accepted answer asks for; nothing: none, or one that is not carried out this way (setWebhook,
// deleteWebhook, close, logOut and everything that begins with "get").
std::optional<MethodReply> method_reply(tgkit::net::HttpResponse response);

}  // namespace sandbox
