// What each path answers. Reads what is known; waits for nothing.
#include "tgkit/ops/endpoints.hpp"

namespace tgkit::ops {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view text_type = "text/plain; charset=utf-8";
constexpr std::string_view exposition_type = "text/plain; version=0.0.4; charset=utf-8";
constexpr std::string_view not_found_text = "Not found. There are /health, /ready, /live and /metrics.\n";
constexpr std::string_view wrong_method_text = "Only GET and HEAD.\n";
constexpr std::string_view wrong_format_text = "Unknown format. There are ?format=json and ?format=prometheus.\n";

net::ServerResponse respond(int status, std::string body, std::string_view type) {
  net::ServerResponse response(status, std::move(body), std::string(type));
  response.headers.add("Cache-Control", "no-store");
  return response;
}

UpdateCounts counts_of(const Metrics& metrics) {
  UpdateCounts counts;
  counts.total_updates = static_cast<std::uint64_t>(metrics.sum("tgkit_updates_total"));
  counts.errors = static_cast<std::uint64_t>(metrics.sum("tgkit_handler_errors_total"));
  const auto last = metrics.sum("tgkit_last_update_timestamp_seconds");
  if (last > 0) {
    const auto since_epoch = std::chrono::duration<double>(last);
    counts.last_update = WallTime(std::chrono::duration_cast<WallTime::duration>(since_epoch));
  }
  return counts;
}

// What the health says, as metrics.
void show_health(const Health& health, Metrics& metrics) {
  const auto view = health.view();
  for (const auto status : {Status::starting, Status::running, Status::stopping, Status::failed}) {
    metrics.gauge("tgkit_status", Labels("status", std::string(to_text(status)))).set(view.status == status);
  }
  metrics.gauge("tgkit_ready").set(view.ready);
  for (const auto& check : view.checks) metrics.gauge("tgkit_check_ok", Labels("check", check.name)).set(check.ok);
}

net::ServerResponse answer_metrics(const net::ServerRequest& request, const Health& health, Metrics& metrics) {
  const auto form = choose_exposition(request.query, request.headers.find("Accept").value_or(""));
  if (!form) return respond(400, std::string(wrong_format_text), text_type);
  const bool prometheus = *form == Exposition::prometheus;
  if (prometheus) show_health(health, metrics);
  auto response = prometheus ? respond(200, metrics.text(), exposition_type)
                             : respond(200, metrics_json(health.view(), counts_of(metrics)), json_type);
  response.headers.add("Vary", "Accept");
  return response;
}

net::ServerResponse answer_health(const HealthView& view) {
  return respond(view.status == Status::running ? 200 : 503, health_json(view), json_type);
}

net::ServerResponse answer_ready(const HealthView& view) {
  return respond(view.ready ? 200 : 503, ready_json(view), json_type);
}

}  // namespace

net::ServerResponse answer(const net::ServerRequest& request, const Health& health, Metrics& metrics) {
  const auto& path = request.path;
  if (path != "/health" && path != "/ready" && path != "/live" && path != "/metrics") {
    return respond(404, std::string(not_found_text), text_type);
  }
  if (request.method != "GET" && request.method != "HEAD") {
    auto response = respond(405, std::string(wrong_method_text), text_type);
    response.headers.add("Allow", "GET, HEAD");
    return response;
  }
  if (path == "/health") return answer_health(health.view());
  if (path == "/ready") return answer_ready(health.view());
  if (path == "/live") return respond(200, "{\"live\":true}\n", json_type);  // the loop turns, or nobody would answer
  return answer_metrics(request, health, metrics);
}

}  // namespace tgkit::ops
