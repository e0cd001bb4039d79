#include "tgkit/ops/endpoints.hpp"

#include "tgkit/ops/exit_codes.hpp"
#include "tgkit/ops/turned_away.hpp"

namespace tgkit::ops {
namespace {

constexpr Duration last_requests = std::chrono::seconds{1};

}  // namespace

struct Endpoints::Impl {
  Impl(Executor executor, Clock& clock, const Settings& settings_, Health& health_, Metrics& metrics_, Log& log_)
      : settings(settings_),
        health(health_),
        metrics(metrics_),
        log(log_),
        turned_away(clock, log, metrics, "endpoints"),
        server(executor, clock, server_settings(),
               [this](net::ServerRequest request) { return handle(std::move(request)); }) {}

  // Probes are small; nobody keeps a connection for long without asking.
  net::ServerSettings server_settings() {
    net::ServerSettings server;
    server.host = settings.host;
    server.port = settings.port;
    server.max_head = 8u << 10;
    server.max_body = 4u << 10;
    server.max_connections = 128;
    server.max_per_address = server.max_connections / 4;
    server.on_turned_away = [this](net::TurnedAway reason, std::string_view address) {
      turned_away.add(reason, address);
    };
    return server;
  }

  Task<net::ServerResponse> handle(net::ServerRequest request) { co_return answer(request, health, metrics); }

  Settings settings;
  Health& health;
  Metrics& metrics;
  Log& log;
  TurnedAwayConnections turned_away;
  net::HttpServer server;
};

Endpoints::Endpoints(Executor executor, Clock& clock, Settings settings, Health& health, Metrics& metrics, Log& log)
    : impl_(std::make_unique<Impl>(executor, clock, settings, health, metrics, log)) {}

Endpoints::~Endpoints() = default;

Task<> Endpoints::start() {
  try {
    impl_->server.listen();
  } catch (const std::exception& error) {
    throw StartError(exit_code::start_failed,
                     std::string(error.what()) + "; set HEALTH_HOST and HEALTH_PORT to an address that is free");
  }
  impl_->log.info("endpoints listen", Field{"host", impl_->settings.host}, Field{"port", impl_->server.port()});
  co_return;
}

Task<> Endpoints::stop() { return impl_->server.stop(last_requests); }

std::uint16_t Endpoints::port() const noexcept { return impl_->server.port(); }

}  // namespace tgkit::ops
