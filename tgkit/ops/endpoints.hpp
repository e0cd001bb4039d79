#pragma once
// What an operator asks over HTTP: /health, /ready, /live, /metrics.
//
// /health and /ready answer 200 or 503; /metrics has two forms, chosen by Accept and overridden by ?format=.
#include "tgkit/net/server.hpp"
#include "tgkit/ops/health.hpp"
#include "tgkit/ops/log.hpp"
#include "tgkit/ops/metrics.hpp"
#include "tgkit/ops/service.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tgkit::ops {

enum class Exposition { prometheus, json };
// The form of /metrics for this query and Accept header: nothing when ?format= names none that exists.
std::optional<Exposition> choose_exposition(std::string_view query, std::string_view accept);

// The bodies, as JSON.
std::string health_json(const HealthView& view);
std::string ready_json(const HealthView& view);
// The counts behind the JSON form of /metrics; error_rate is errors / total_updates, 0 without updates.
struct UpdateCounts {
  std::uint64_t total_updates = 0;
  std::uint64_t errors = 0;
  std::optional<WallTime> last_update;
};
std::string metrics_json(const HealthView& view, const UpdateCounts& counts);

// One answer; `head` requests get the same head (the server leaves the body out).
net::ServerResponse answer(const net::ServerRequest& request, const Health& health, Metrics& metrics);

// The HTTP service. Add it to the lifecycle first: it is then up before everything else and stops last.
class Endpoints final : public Service {
 public:
  struct Settings {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8080;  // 0: any free one, see port()
  };
  Endpoints(Executor executor, Clock& clock, Settings settings, Health& health, Metrics& metrics, Log& log);
  ~Endpoints() override;

  std::string_view name() const override { return "endpoints"; }
  Task<> start() override;  // throws StartError that names the address when it is taken
  Task<> stop() override;
  std::uint16_t port() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tgkit::ops
