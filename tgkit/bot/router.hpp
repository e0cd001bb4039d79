#pragma once
// Picks the handler of an update: the first route whose filter accepts it. Filled before the bot starts, sealed by the
// start, and owner of all handlers and middleware for as long as the bot runs.
//
//   router.wrap(logging);                                                     // order is what is written
//   router.wrap(rate_limit({.requests = 30, .window = 60s}));
//   router.on(command<"price", std::string> && in_private, price).help("price of an item").timeout(5s);
//   router.on(pressed<Buy>, buy).limit(1, 2s);
//   router.mount(admin_router());                                             // its middleware stays around its routes
#include "tgkit/bot/handler.hpp"
#include "tgkit/bot/middleware.hpp"
#include "tgkit/bot/route.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tgkit::bot {

// The routes contradict each other or lack something. what() lists everything, one line each.
class WiringError : public std::runtime_error {
 public:
  using runtime_error::runtime_error;
};

// One route: data, and the handler. The setters are for the lines that fill the router.
class Route {
 public:
  Route(RouteInfo info, std::unique_ptr<const Handler> handler);

  Route& name(std::string text);  // else what the filter says: "/price", "press buy"
  Route& help(std::string text);  // in the default language
  Route& help(std::string language, std::string text);
  Route& order(OrderBy order);
  Route& timeout(Duration limit);
  Route& limit(int requests, Duration window);
  Route& role(Role least);
  Route& hidden();
  Route& long_running();
  Route& unlimited();
  // What it replies to a command in a topic that is closed or deleted appears outside the topic, where the whole group
  // reads. Without it nothing appears.
  Route& for_everybody();

  const RouteInfo& info() const noexcept { return info_; }
  bool accepts(const Matching& matching, const Event& event) const { return handler_->accepts(matching, event); }
  Task<Ran> run(Context& ctx) const { return handler_->run(ctx); }
  const MiddlewareChain& chain() const noexcept { return chain_; }

  // A number below Router::routes().size() + 1 once sealed: for tables beside the routes.
  std::size_t index() const noexcept { return index_; }

 private:
  friend class Router;
  RouteInfo info_;
  std::unique_ptr<const Handler> handler_;
  MiddlewareChain chain_;
  std::size_t index_ = 0;
};

class Router {
 public:
  Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;
  ~Router();

  // Wrong wiring does not compile; the message says which rule of handler.hpp is broken.
  template <Filter F, class H>
  Route& on(F filter, H handler) {
    if constexpr (detail::check_wiring<typename F::Values, H>()) {
      using Bound = HandlerOf<F, H>;
      RouteInfo info;
      info.filter = info_of(filter);
      info.services = Bound::services();
      return add(std::move(info), std::make_unique<const Bound>(std::move(filter), std::move(handler)));
    } else {
      throw std::logic_error("unreachable: the static assertion above has failed");
    }
  }

  // Around every route of this router, those mounted included, and around updates that no route takes.
  void wrap(Middleware middleware);
  void mount(Router other);

  // Ends the filling. Throws WiringError: duplicate or unreachable routes, equal names, missing services, two payloads
  // with one tag.
  void seal(const Services& services);

  // The first route from `from` on that accepts; unmatched() when there is none.
  const Route& find(const Matching& matching, const Event& event, const Route* after = nullptr) const;
  const Route& unmatched() const noexcept { return *unmatched_; }

  // Middleware and handler of ctx's route, and the routes behind it while a dialog passes.
  Task<> run(Context& ctx) const;

  std::vector<const Route*> routes() const;  // in order
  const Route* by_command(std::string_view command) const;
  std::vector<std::string> allowed_updates() const;  // the kinds that some route takes, as getUpdates wants them

 private:
  Route& add(RouteInfo info, std::unique_ptr<const Handler> handler);
  friend class Next;
  Task<> run_last(Context& ctx) const;  // behind the middleware

  std::vector<std::unique_ptr<Route>> routes_;
  MiddlewareChain middleware_;
  std::unique_ptr<Route> unmatched_;
  bool sealed_ = false;
};

}  // namespace tgkit::bot
