#pragma once
// Every metric that tgkit counts: name, kind, help, labels, buckets, most label sets. The only place where names stand;
// dashboards and alert rules are held against this table. A program adds its own by Metrics::declare().
#include <cstddef>
#include <span>
#include <string_view>

namespace tgkit::ops {

enum class MetricKind { counter, gauge, histogram };

// Upper bounds of histogram buckets, in seconds unless said otherwise.
inline constexpr double fast_buckets[] = {0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10};
inline constexpr double network_buckets[] = {0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60};

struct MetricName {
  std::string_view name;
  MetricKind kind;
  std::string_view help;
  std::string_view labels = {};          // names, comma separated, in this order: "route,outcome"
  std::span<const double> buckets = {};  // histograms only
  std::size_t most_label_sets = 200;     // beyond it every further set is counted under "other"
};

inline constexpr MetricName metric_names[] = {
    // the process
    {"process_start_time_seconds", MetricKind::gauge, "Start time of the process since the epoch."},
    {"process_resident_memory_bytes", MetricKind::gauge, "Resident memory."},
    {"process_cpu_seconds_total", MetricKind::counter, "User and system CPU time."},
    {"process_open_fds", MetricKind::gauge, "Open file descriptors."},
    {"tgkit_status", MetricKind::gauge, "1 for the current status, 0 for the others.", "status"},
    {"tgkit_ready", MetricKind::gauge, "1 when /ready answers 200."},
    {"tgkit_check_ok", MetricKind::gauge, "1 when the health check is good.", "check"},
    {"tgkit_loop_lag_seconds", MetricKind::histogram, "How late the loop runs its timers.", "", fast_buckets},
    {"tgkit_log_lines_lost_total", MetricKind::counter, "Log lines that could not be written."},
    {"tgkit_connections_turned_away_total", MetricKind::counter,
     "Connections closed for want of a place or a permission.", "port,reason"},

    // updates, from the entry to the handler
    {"tgkit_updates_total", MetricKind::counter, "Updates taken from Telegram.", "kind"},
    {"tgkit_updates_duplicate_total", MetricKind::counter, "Updates that were known already."},
    {"tgkit_updates_dropped_total", MetricKind::counter, "Updates dropped on purpose.", "reason"},
    {"tgkit_updates_quarantined_total", MetricKind::counter, "Updates set aside with their bytes.", "reason"},
    {"tgkit_updates_in_flight", MetricKind::gauge, "Updates that are being handled."},
    {"tgkit_last_update_timestamp_seconds", MetricKind::gauge, "When the last update came, since the epoch."},
    {"tgkit_poll_rounds_total", MetricKind::counter, "Completed getUpdates calls.", "outcome"},
    {"tgkit_last_poll_timestamp_seconds", MetricKind::gauge, "When getUpdates last came back, since the epoch."},
    {"tgkit_webhook_requests_total", MetricKind::counter, "Requests to the webhook.", "outcome"},
    {"tgkit_webhook_seconds", MetricKind::histogram, "From a webhook request to its answer.", "", network_buckets},
    {"tgkit_webhook_registered", MetricKind::gauge, "1 while Telegram delivers to our webhook."},
    {"tgkit_webhook_registrations_total", MetricKind::counter, "Times the webhook was registered."},
    {"tgkit_webhook_pending_updates", MetricKind::gauge, "Updates that wait at Telegram, at the last look."},
    {"tgkit_webhook_last_error_timestamp_seconds", MetricKind::gauge,
     "When Telegram last could not deliver, since the epoch."},
    {"tgkit_update_wait_seconds", MetricKind::histogram, "From taking an update to its handler.", "", fast_buckets},

    {"tgkit_early_answers_total", MetricKind::counter,
     "Presses and payments that the framework answered since their handler was late.", "kind"},

    // handlers
    {"tgkit_handled_total", MetricKind::counter, "Handled updates.", "route,outcome"},
    {"tgkit_handler_errors_total", MetricKind::counter, "Updates whose handling ended by an error.", "route"},
    {"tgkit_handler_seconds", MetricKind::histogram, "Time in middleware and handler.", "route", network_buckets},
    {"tgkit_rate_limited_total", MetricKind::counter, "Updates refused by the rate limit.", "route"},
    {"tgkit_access_denied_total", MetricKind::counter, "Updates refused by the access list.", "kind"},

    // jobs and their timers
    {"tgkit_jobs_waiting", MetricKind::gauge, "Timers that are set."},
    {"tgkit_jobs_due", MetricKind::gauge, "Timers whose time has come and whose run has not begun."},
    {"tgkit_jobs_running", MetricKind::gauge, "Jobs that are being run."},
    {"tgkit_jobs_set_aside", MetricKind::gauge, "Timers that are not run any more since their job failed."},
    {"tgkit_job_runs_total", MetricKind::counter, "Runs of jobs by how they ended.", "job,outcome"},
    {"tgkit_job_late_seconds", MetricKind::histogram, "From the time of a job to its run.", "job", network_buckets},
    {"tgkit_job_seconds", MetricKind::histogram, "Time of a job's run.", "job", network_buckets},

    // messages out
    {"tgkit_api_calls_total", MetricKind::counter, "Bot API calls.", "method,outcome", {}, 400},
    {"tgkit_api_seconds", MetricKind::histogram, "Time of Bot API calls.", "method", network_buckets},
    {"tgkit_outbox_size", MetricKind::gauge, "Messages waiting to be sent.", "lane"},
    {"tgkit_outbox_age_seconds", MetricKind::gauge, "Age of the oldest waiting message."},
    {"tgkit_outbox_total", MetricKind::counter, "Messages by what became of a try to send them.", "outcome"},
    {"tgkit_broadcast_messages_total", MetricKind::counter, "Recipients of broadcasts by what became of them.",
     "result"},
    {"tgkit_outbox_unreachable_chats", MetricKind::gauge, "Chats that cannot be reached and are left alone."},

    // the store
    {"tgkit_store_age_seconds", MetricKind::gauge, "Since the database was begun; -1: it is not known."},
};

}  // namespace tgkit::ops
