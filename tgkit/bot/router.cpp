#include "tgkit/bot/router.hpp"

#include "tgkit/bot/texts.hpp"
#include "tgkit/telegram/types/update_kind.hpp"

#include <algorithm>
#include <map>

namespace tgkit::bot {

namespace {

class Nobody final : public Handler {
 public:
  bool accepts(const Matching&, const Event&) const override { return true; }
  Task<Ran> run(Context&) const override { co_return Ran::passed; }
};

// Whatever `later` takes, `earlier` takes before it.
bool covers(const FilterInfo& earlier, const FilterInfo& later) {
  return (later.kinds & ~earlier.kinds).none() && std::includes(later.conditions.begin(), later.conditions.end(),
                                                                earlier.conditions.begin(), earlier.conditions.end());
}

std::string conditions_of(const FilterInfo& filter) {
  std::string text;
  for (const std::string& condition : filter.conditions) text += (text.empty() ? "" : ", ") + condition;
  return text.empty() ? "any update" : text;
}

class Complaints {
 public:
  void add(const std::string& line) { text_ += "\n  " + line; }
  void raise() const {
    if (!text_.empty()) throw WiringError("the bot's routes cannot work:" + text_);
  }

 private:
  std::string text_;
};

void check_reachable(const std::vector<std::unique_ptr<Route>>& routes, Complaints& complaints) {
  for (std::size_t later = 1; later < routes.size(); ++later) {
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      const RouteInfo& a = routes[earlier]->info();
      const RouteInfo& b = routes[later]->info();
      if (!covers(a.filter, b.filter)) continue;
      const bool same = a.filter.conditions == b.filter.conditions && a.filter.kinds == b.filter.kinds;
      complaints.add(same ? "route \"" + b.name + "\" is there twice (" + conditions_of(b.filter) + ")"
                          : "route \"" + b.name + "\" is never reached: \"" + a.name +
                                "\" before it takes all its updates (" + conditions_of(a.filter) + ")");
      break;
    }
  }
}

void check_kinds(const std::vector<std::unique_ptr<Route>>& routes, Complaints& complaints) {
  for (const auto& route : routes)
    if (route->info().filter.kinds.none())
      complaints.add("route \"" + route->info().name +
                     "\" takes no kind of update: its conditions exclude each other (" +
                     conditions_of(route->info().filter) + ")");
}

void check_payloads(const std::vector<std::unique_ptr<Route>>& routes, Complaints& complaints) {
  std::map<std::string, std::string> tag_of;  // by number
  for (const auto& route : routes) {
    const std::string& payload = route->info().filter.payload;
    if (payload.empty()) continue;
    const std::size_t mark = payload.rfind('#');
    const auto [place, fresh] = tag_of.emplace(payload.substr(mark + 1), payload.substr(0, mark));
    if (!fresh && place->second != payload.substr(0, mark))
      complaints.add("button payloads \"" + place->second + "\" and \"" + payload.substr(0, mark) +
                     "\" have the same number: choose another tag for one of them");
  }
}

void check_services(const std::vector<std::unique_ptr<Route>>& routes, const Services& services,
                    Complaints& complaints) {
  for (const auto& route : routes)
    for (const ServiceKey& service : route->info().services)
      if (!services.has(service))
        complaints.add("route \"" + route->info().name + "\" takes Use<" + std::string(service.name) +
                       ">, which was not given to the bot");
}

// Names are labels of metrics: two routes with one name would be counted together.
void give_unique_names(const std::vector<std::unique_ptr<Route>>& routes, const auto& rename) {
  std::map<std::string, int> seen;
  for (const auto& route : routes) {
    const int count = ++seen[route->info().name];
    if (count > 1) rename(*route, route->info().name + " (" + std::to_string(count) + ")");
  }
}

}  // namespace

Route::Route(RouteInfo info, std::unique_ptr<const Handler> handler)
    : info_(std::move(info)), handler_(std::move(handler)) {
  info_.name = info_.filter.name.empty() ? "route" : info_.filter.name;
  info_.command = info_.filter.command;
  info_.usage = info_.filter.usage;
}

Route& Route::name(std::string text) {
  info_.name = std::move(text);
  return *this;
}

Route& Route::help(std::string text) { return help(std::string(), std::move(text)); }

Route& Route::help(std::string language, std::string text) {
  info_.help.insert_or_assign(std::move(language), std::move(text));
  return *this;
}

Route& Route::order(OrderBy order) {
  info_.order = order;
  return *this;
}

Route& Route::timeout(Duration limit) {
  info_.timeout = limit;
  return *this;
}

Route& Route::limit(int requests, Duration window) {
  info_.limit = RateLimit{requests, window};
  return *this;
}

Route& Route::role(Role least) {
  info_.role = least;
  return *this;
}

Route& Route::hidden() {
  info_.hidden = true;
  return *this;
}

Route& Route::long_running() {
  info_.long_running = true;
  return *this;
}

Route& Route::unlimited() {
  info_.unlimited = true;
  return *this;
}

Route& Route::for_everybody() {
  info_.for_everybody = true;
  return *this;
}

Router::Router() {
  RouteInfo info;
  info.filter.name = "unmatched";
  unmatched_ = std::make_unique<Route>(std::move(info), std::make_unique<const Nobody>());
}

Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;
Router::~Router() = default;

Route& Router::add(RouteInfo info, std::unique_ptr<const Handler> handler) {
  if (sealed_) throw std::logic_error("routes are added before the bot starts");
  return *routes_.emplace_back(std::make_unique<Route>(std::move(info), std::move(handler)));
}

void Router::wrap(Middleware middleware) {
  if (sealed_) throw std::logic_error("middleware is added before the bot starts");
  middleware_.push_back(std::make_shared<const Middleware>(std::move(middleware)));
}

void Router::mount(Router other) {
  if (sealed_) throw std::logic_error("routers are mounted before the bot starts");
  for (std::unique_ptr<Route>& route : other.routes_) {
    route->chain_.insert(route->chain_.begin(), other.middleware_.begin(), other.middleware_.end());
    routes_.push_back(std::move(route));
  }
}

void Router::seal(const Services& services) {
  if (std::exchange(sealed_, true)) throw std::logic_error("one router serves one bot");
  give_unique_names(routes_, [](Route& route, std::string name) { route.info_.name = std::move(name); });
  Complaints complaints;
  check_kinds(routes_, complaints);
  check_reachable(routes_, complaints);
  check_payloads(routes_, complaints);
  check_services(routes_, services, complaints);
  complaints.raise();
  std::size_t index = 0;
  for (const auto& route : routes_) {
    route->chain_.insert(route->chain_.begin(), middleware_.begin(), middleware_.end());
    route->index_ = index++;
  }
  unmatched_->chain_ = middleware_;
  unmatched_->index_ = index;
}

const Route& Router::find(const Matching& matching, const Event& event, const Route* after) const {
  if (after == unmatched_.get()) return *unmatched_;
  for (std::size_t i = after ? after->index_ + 1 : 0; i < routes_.size(); ++i) {
    const Route& route = *routes_[i];
    if (route.info_.filter.kinds.test(static_cast<std::size_t>(event.kind())) && route.accepts(matching, event))
      return route;
  }
  return *unmatched_;
}

Task<> Next::operator()() const {
  if (at_ == chain_->size()) return router_->run_last(*ctx_);
  Next rest = *this;
  ++rest.at_;
  return (*(*chain_)[at_])(*ctx_, rest);
}

Task<> Router::run(Context& ctx) const { return Next(ctx, *this, ctx.current().chain())(); }

Task<> Router::run_last(Context& ctx) const {
  while (&ctx.current() != unmatched_.get()) {
    const Ran ran = co_await ctx.current().run(ctx);
    if (ran == Ran::refused) ctx.set_outcome(Outcome::refused);
    if (ran != Ran::passed) co_return;
    ctx.set_route(find(ctx.matching(), ctx.event(), &ctx.current()));
  }
  ctx.set_outcome(Outcome::unmatched);
  if (ctx.callback_query()) ctx.answer_callback(ctx.texts().old_button(ctx.language()));
}

std::vector<const Route*> Router::routes() const {
  std::vector<const Route*> all;
  for (const auto& route : routes_) all.push_back(route.get());
  return all;
}

const Route* Router::by_command(std::string_view command) const {
  for (const auto& route : routes_)
    if (route->info_.command == command) return route.get();
  return nullptr;
}

std::vector<std::string> Router::allowed_updates() const {
  UpdateKinds taken;
  for (const auto& route : routes_) taken |= route->info_.filter.kinds;
  std::vector<std::string> names;
  for (std::size_t i = 1; i < telegram::update_kind_names.size(); ++i)  // 0 is "unknown"
    if (taken.test(i)) names.emplace_back(telegram::update_kind_names[i]);
  return names;
}

}  // namespace tgkit::bot
