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
class Router;

using Middleware = std::function<Task<>(Context&, Next)>;
using MiddlewareChain = std::vector<std::shared_ptr<const Middleware>>;

// The rest of the chain; ends in the route's handler. Cheap to copy; to be called at most once.
class Next {
 public:
  Task<> operator()() const;

 private:
  friend class Router;
  Next(Context& ctx, const Router& router, const MiddlewareChain& chain)
      : ctx_(&ctx), router_(&router), chain_(&chain) {}

  Context* ctx_;
  const Router* router_;
  const MiddlewareChain* chain_;
  std::size_t at_ = 0;
};

}  // namespace tgkit::bot
