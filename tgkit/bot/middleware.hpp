#pragma once
// A middleware is a coroutine around `co_await next()`: a plain function, or an object that the router keeps.
//
//   Task<> measure(Context& ctx, Next next) {
//     const auto start = ctx.clock().now();
//     co_await next();                        // not calling it refuses the update
//     observe(ctx.route().name, ctx.clock().now() - start);
//   }
#include "tgkit/async/task.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace tgkit::bot {

class Context;
class Next;

using Middleware = std::function<Task<>(Context&, Next)>;
using MiddlewareChain = std::vector<std::shared_ptr<const Middleware>>;

// The rest of the chain; ends in the route's handler. Cheap to copy; to be called at most once.
class Next {
 public:
  using Last = Task<> (*)(Context&);
  Next(Context& ctx, const MiddlewareChain& chain, Last last) : ctx_(&ctx), chain_(&chain), last_(last) {}

  Task<> operator()() const {
    if (at_ == chain_->size()) return last_(*ctx_);
    Next rest = *this;
    ++rest.at_;
    return (*(*chain_)[at_])(*ctx_, rest);
  }

 private:
  Context* ctx_;
  const MiddlewareChain* chain_;
  Last last_;
  std::size_t at_ = 0;
};

}  // namespace tgkit::bot
