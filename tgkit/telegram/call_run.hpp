#pragma once
// The body of Call<Result>: included only by the sources that instantiate a call's result.
#include "tgkit/telegram/answer.hpp"
#include "tgkit/telegram/call.hpp"
#include "tgkit/telegram/client.hpp"
#include "tgkit/telegram/json.hpp"

#include <stdexcept>

namespace tgkit::telegram {

template <class Result>
Task<Result> Call<Result>::run(std::shared_ptr<Outgoing> outgoing) {
  if (!outgoing->client) throw std::logic_error(outgoing->draft.method() + " is awaited without a client");
  Request request = outgoing->draft.take();
  const std::string json = co_await outgoing->client->call(std::move(request), std::move(outgoing->options));
  try {
    co_return read_result<Result>(json);
  } catch (const ParseError& error) {
    throw error_of_result(outgoing->draft.method(), error.what());
  }
}

}  // namespace tgkit::telegram
