#pragma once
// Turns what came back over HTTP into the result of a call or into an Error: the one place where Errors about
// Telegram's answers are made. For the client's sources only.
#include "tgkit/net/client.hpp"
#include "tgkit/net/http.hpp"
#include "tgkit/net/secret.hpp"
#include "tgkit/telegram/error.hpp"

#include <string>
#include <string_view>

namespace tgkit::telegram {

// The JSON of `result`; throws Error. `token` is only looked for, to keep it out of the Error.
std::string read_answer(std::string_view method, net::HttpResponse response, const net::Secret& token);

// The Error that an answer without a result means, whatever its body is.
Error error_of_answer(std::string_view method, const net::HttpResponse& response, const net::Secret& token);
Error error_of_transport(std::string_view method, const net::Error& cause, const net::Secret& token);
// The call was executed, but its result is nothing we can read.
Error error_of_result(std::string_view method, std::string_view reason);
Error error_before_sending(std::string_view method, std::string_view reason);

// `text` with the token, or its secret half alone, masked.
std::string without_token(std::string text, const net::Secret& token);

}  // namespace tgkit::telegram
