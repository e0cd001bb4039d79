#include "bench/bot_api.hpp"

#include "bench/child.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>

#include <unistd.h>

namespace bench {
namespace {

std::string_view method_of(std::string_view head) {
  const std::size_t begin = head.find(' ');
  const std::size_t end = head.find_first_of(" ?", begin + 1);
  const std::string_view path = head.substr(begin + 1, end - begin - 1);
  return path.substr(path.rfind('/') + 1);
}

std::string_view string_after(std::string_view text, std::string_view key) {
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + key.size();
  return text.substr(begin, text.find('"', begin) - begin);
}

}  // namespace

BotApi::BotApi(double answer_latency)
    : epoll_(epoll_create1(EPOLL_CLOEXEC)), listener_(listen_on_loopback(port_)), latency_(answer_latency) {
  listener_wire_.fd = listener_;
  watch(epoll_, listener_wire_);
}

void BotApi::turn(double seconds) {
  double wait = seconds;
  const double now = now_seconds();
  if (!late_.empty()) wait = std::min(wait, late_.front().due - now);
  if (waiting_poll_ != nullptr) wait = std::min(wait, poll_deadline_ - now);
  wait = std::max(wait, 0.0);
  timespec time{};
  time.tv_sec = static_cast<time_t>(wait);
  time.tv_nsec = static_cast<long>(1e9 * (wait - std::floor(wait)));
  epoll_event events[64];
  const int count = epoll_pwait2(epoll_, events, 64, &time, nullptr);
  for (int i = 0; i < count; ++i) {
    auto* wire = static_cast<Wire*>(events[i].data.ptr);
    if (wire == &listener_wire_) {
      accept_all();
    } else {
      serve(*wire);
    }
  }
  answer_late_ones();
  if (waiting_poll_ != nullptr && now_seconds() >= poll_deadline_) hand_out(*waiting_poll_, poll_limit_);
}

void BotApi::accept_all() {
  for (int fd = accept_from(listener_); fd >= 0; fd = accept_from(listener_)) {
    Wire& wire = *wires_.emplace_back(std::make_unique<Wire>());
    wire.fd = fd;
    open_.insert(&wire);
    watch(epoll_, wire);
  }
}

void BotApi::serve(Wire& wire) {
  if (!open_.contains(&wire)) return;
  if (!receive(wire)) {
    drop(wire);
    return;
  }
  while (const auto message = next_message(wire)) request(wire, *message);
  if (!flush(wire, epoll_)) drop(wire);
}

void BotApi::drop(Wire& wire) {
  open_.erase(&wire);
  if (waiting_poll_ == &wire) waiting_poll_ = nullptr;
  ::close(wire.fd);
}

void BotApi::request(Wire& wire, const Message& message) {
  const std::string_view method = method_of(message.head);
  if (method == "sendMessage") return send_message(wire, message.body);
  if (method == "getUpdates") return get_updates(wire, message.body);
  if (method == "getMe") {
    return answer(
        wire,
        "{\"ok\":true,\"result\":{\"id\":123,\"is_bot\":true,\"first_name\":\"Bench\",\"username\":\"bench_bot\","
        "\"can_join_groups\":true,\"can_read_all_group_messages\":false,\"supports_inline_queries\":false}}");
  }
  if (method == "getWebhookInfo") {
    return answer(
        wire, "{\"ok\":true,\"result\":{\"url\":\"\",\"has_custom_certificate\":false,\"pending_update_count\":0}}");
  }
  answer(wire, "{\"ok\":true,\"result\":true}");
}

void BotApi::get_updates(Wire& wire, std::string_view body) {
  const double now = now_seconds();
  if (!first_poll_) first_poll_ = now;
  const std::int64_t limit = std::clamp<std::int64_t>(integer_after(body, "\"limit\":", 100), 1, 100);
  const auto timeout = static_cast<double>(std::clamp<std::int64_t>(integer_after(body, "\"timeout\":", 0), 0, 50));
  const std::int64_t offset = integer_after(body, "\"offset\":", 0);
  if (!unconfirmed_.empty() && offset <= batch_start_ && offset >= 0) return answer(wire, unconfirmed_);
  unconfirmed_.clear();
  if (handed_out_ < released_ || timeout == 0) return hand_out(wire, limit);
  waiting_poll_ = &wire;
  poll_limit_ = limit;
  poll_deadline_ = now + timeout;
}

void BotApi::hand_out(Wire& wire, std::int64_t limit) {
  waiting_poll_ = nullptr;
  const std::int64_t count = std::min(limit, released_ - handed_out_);
  batch_start_ = next_update_id_;
  scratch_ = "{\"ok\":true,\"result\":[";
  const double now = now_seconds();
  for (std::int64_t i = 0; i < count; ++i) {
    if (i > 0) scratch_ += ",\n";
    double written_at = now;
    if (!released_at_.empty()) {
      written_at = released_at_.front();
      released_at_.pop_front();
    }
    people_->write_update(scratch_, next_update_id_++, static_cast<int>(handed_out_++ % people_->count()), written_at);
  }
  scratch_ += "]}";
  if (count > 0) unconfirmed_ = scratch_;
  answer(wire, scratch_);
  if (!flush(wire, epoll_)) drop(wire);
}

void BotApi::release(People& people, std::int64_t count) {
  people_ = &people;
  released_ += count;
  if (count == 1) released_at_.push_back(now_seconds());
  if (waiting_poll_ != nullptr) hand_out(*waiting_poll_, poll_limit_);
}

void BotApi::send_message(Wire& wire, std::string_view body) {
  const double now = now_seconds();
  const std::int64_t chat = integer_after(body, "\"chat_id\":", 0);
  const std::string_view text = string_after(body, "\"text\":\"");
  latencies_.push_back(static_cast<float>(people_->answered(chat, text, now)));
  last_answer_ = now;
  scratch_ = "{\"ok\":true,\"result\":{\"message_id\":";
  append_number(scratch_, ++message_id_);
  scratch_ +=
      ",\"from\":{\"id\":123,\"is_bot\":true,\"first_name\":\"Bench\",\"username\":\"bench_bot\"},\"chat\":{\"id\":";
  append_number(scratch_, chat);
  scratch_ += ",\"first_name\":\"\\u0410\\u043d\\u043d\\u0430\",\"last_name\":\"Benchmark\",\"username\":\"anna_";
  append_number(scratch_, chat);
  scratch_ += "\",\"type\":\"private\"},\"date\":1790000001,\"text\":\"";
  scratch_ += text;
  scratch_ += "\"}}";
  if (latency_ <= 0) return answer(wire, scratch_);
  late_.push_back(Late{now + latency_, &wire, scratch_});
}

void BotApi::answer_late_ones() {
  const double now = now_seconds();
  while (!late_.empty() && late_.front().due <= now) {
    Late late = std::move(late_.front());
    late_.pop_front();
    if (!open_.contains(late.wire)) continue;
    answer(*late.wire, late.answer);
    if (!flush(*late.wire, epoll_)) drop(*late.wire);
  }
}

void BotApi::answer(Wire& wire, std::string_view body) {
  wire.out +=
      "HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: application/json\r\nConnection: "
      "keep-alive\r\nContent-Length: ";
  append_number(wire.out, static_cast<std::int64_t>(body.size()));
  wire.out += "\r\n\r\n";
  wire.out += body;
}

}  // namespace bench
