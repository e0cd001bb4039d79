#pragma once
// The body of Call<Result>: included only by the sources that instantiate a call's result.
#include "tgkit/telegram/call.hpp"
#include "tgkit/telegram/client.hpp"

#include <stdexcept>

namespace tgkit::telegram {

template <class Result>
Task<Result> Call<Result>::run(std::shared_ptr<Outgoing> outgoing) {
  if (!outgoing->client) throw std::logic_error(outgoing->draft.method() + " is awaited without a client");
  Request request = outgoing->draft.take();
  const std::string json = co_await outgoing->client->call(std::move(request), std::move(outgoing->options));
  co_return read_result<Result>(json);
}

}  // namespace tgkit::telegram
