// The bodies of the endpoints and the choice between them: pure functions.
#include "tgkit/ops/endpoints.hpp"
#include "tgkit/ops/log_line.hpp"

#include <charconv>

namespace tgkit::ops {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Takes the part before `separator` off the front of `text`.
std::string_view take(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const auto part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return part;
}

bool same(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

// "q=0" in a media range means "not this one".
bool refused(std::string_view parameters) {
  while (!parameters.empty()) {
    auto value = trimmed(take(parameters, ';'));
    if (!same(trimmed(take(value, '=')), "q")) continue;
    double weight = 1;
    value = trimmed(value);
    std::from_chars(value.data(), value.data() + value.size(), weight);
    return weight <= 0;
  }
  return false;
}

bool wants_exposition(std::string_view accept) {
  while (!accept.empty()) {
    auto range = take(accept, ',');
    const auto type = trimmed(take(range, ';'));
    const bool named = same(type, "text/plain") || same(type, "application/openmetrics-text");
    if (named && !refused(range)) return true;
  }
  return false;
}

void append_key(std::string& to, std::string_view name) {
  if (!to.ends_with('{')) to += ',';
  append_json_string(to, name);
  to += ':';
}

void append_seconds(std::string& to, std::optional<Duration> duration) {
  if (duration) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(*duration).count();
    append_json_number(to, static_cast<double>(ms) / 1000);
  } else {
    to += "null";
  }
}

void append_time(std::string& to, std::optional<WallTime> time) {
  if (!time) {
    to += "null";
    return;
  }
  to += '"';
  append_utc_time(to, *time);
  to += '"';
}

void append_check(std::string& to, const CheckView& check) {
  append_key(to, check.name);
  to += '{';
  append_key(to, "status");
  append_json_string(to, check.ok ? "ok" : check.pending ? "pending" : "failing");
  append_key(to, "vital");
  to += check.weight == Weight::vital ? "true" : "false";
  append_key(to, "age_seconds");
  append_seconds(to, check.age);
  if (!check.text.empty()) {
    append_key(to, check.ok ? "note" : "reason");
    append_json_string(to, check.text);
  }
  to += '}';
}

}  // namespace

std::optional<Exposition> choose_exposition(std::string_view query, std::string_view accept) {
  while (!query.empty()) {
    auto value = take(query, '&');
    if (take(value, '=') != "format") continue;
    if (value == "prometheus") return Exposition::prometheus;
    if (value == "json") return Exposition::json;
    return std::nullopt;
  }
  return wants_exposition(accept) ? Exposition::prometheus : Exposition::json;
}

std::string health_json(const HealthView& view) {
  std::string body = "{";
  append_key(body, "status");
  append_json_string(body, to_text(view.status));
  append_key(body, "uptime_seconds");
  append_seconds(body, view.uptime);
  append_key(body, "checks");
  body += '{';
  for (const auto& check : view.checks) append_check(body, check);
  body += '}';
  if (!view.failure.empty()) {
    append_key(body, "failure");
    append_json_string(body, view.failure);
  }
  return body + "}\n";
}

std::string ready_json(const HealthView& view) {
  std::string body = "{";
  append_key(body, "ready");
  body += view.ready ? "true" : "false";
  append_key(body, "status");
  append_json_string(body, to_text(view.status));
  append_key(body, "reasons");
  body += '[';
  for (const auto& reason : view.reasons) {
    if (!body.ends_with('[')) body += ',';
    append_json_string(body, reason);
  }
  return body + "]}\n";
}

std::string metrics_json(const HealthView& view, const UpdateCounts& counts) {
  const auto total = static_cast<double>(counts.total_updates);
  std::string body = "{";
  append_key(body, "status");
  append_json_string(body, to_text(view.status));
  append_key(body, "start_time");
  append_time(body, view.started);
  append_key(body, "last_update_time");
  append_time(body, counts.last_update);
  append_key(body, "total_updates");
  body += std::to_string(counts.total_updates);
  append_key(body, "errors");
  body += std::to_string(counts.errors);
  append_key(body, "uptime_seconds");
  append_seconds(body, view.uptime);
  append_key(body, "error_rate");
  append_json_number(body, counts.total_updates == 0 ? 0 : static_cast<double>(counts.errors) / total);
  return body + "}\n";
}

}  // namespace tgkit::ops
