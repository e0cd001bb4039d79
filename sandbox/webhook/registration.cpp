#include "sandbox/webhook/registration.hpp"

#include "sandbox/webhook/queue_key.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sodium.h>
#include <unistd.h>

namespace sandbox {
namespace {

using std::chrono::seconds;
using tgkit::net::HttpRequest;
using tgkit::net::HttpResponse;

constexpr seconds answer_within{60};
constexpr seconds look_again{3600};          // when nothing is due
constexpr UnixSeconds gone_for = 23 * 3600;  // 410 for longer than that closes the webhook
constexpr char unknown_name[] = "Failed to resolve host: Name or service not known";

std::string base64(const std::string& text) {
  std::string out(sodium_base64_encoded_len(text.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();  // the terminator
  return out;
}

}  // namespace

TemporaryFile::TemporaryFile(const std::string& content) {
  path_ = (std::filesystem::temp_directory_path() / "sandbox-webhook-XXXXXX").string();
  const int file = mkstemp(path_.data());
  if (file < 0) throw std::runtime_error("cannot make a file for the webhook's certificate in " + path_);
  close(file);
  std::ofstream(path_, std::ios::binary) << content;
}

TemporaryFile::~TemporaryFile() { std::remove(path_.c_str()); }

Registration::Registration(Courier& courier, Bot& bot)
    : courier_(courier),
      world_(courier.world_),
      bot_(bot),
      webhook_(bot.webhook),
      target_(webhook_target(webhook_.url)),
      schedule_(static_cast<std::size_t>(webhook_.max_connections), static_cast<std::uint64_t>(bot.id)) {
  tgkit::net::ClientSettings settings;
  settings.max_connections_per_origin = static_cast<std::size_t>(webhook_.max_connections);
  settings.user_agent.clear();
  settings.ca_file = world_.webhook_rules().ca_file;
  if (!webhook_.certificate.empty()) {
    certificate_.emplace(webhook_.certificate);
    settings.ca_file = certificate_->path();
  }
  const auto addresses = webhook_addresses(target_.origin.host, webhook_.ip_address, world_.webhook_rules());
  if (addresses) {
    unreachable_ = addresses->empty();
    settings.hosts[target_.origin.host] = *addresses;
  }
  client_ = std::make_unique<tgkit::net::HttpClient>(courier.executor_, world_.clock(), std::move(settings));
}

void Registration::close() {
  closed_ = true;
  client_->close();
  bot_.arrived.notify();
}

tgkit::Task<> Registration::run(std::shared_ptr<Registration> self) {
  while (!self->closed_) {
    self->look_for_updates();
    while (const auto shipment = self->next_shipment()) self->courier_.tasks_.spawn(deliver(self, *shipment));
    const tgkit::TimePoint now = self->world_.clock().now();
    const auto due = self->schedule_.wake_at();
    co_await self->bot_.arrived.wait_until(due && *due > now ? *due : now + look_again);
  }
}

void Registration::look_for_updates() {
  while (const QueuedUpdate* update = bot_.queue.after(seen_, world_.now())) {
    seen_ = update->serial;
    schedule_.add(update->serial, queue_key(update->text).queue);
  }
}

std::optional<Shipment> Registration::next_shipment() {
  while (const auto shipment = schedule_.next(world_.clock().now())) {
    if (bot_.queue.find(shipment->serial, world_.now())) return shipment;
    schedule_.give_up(shipment->serial);  // expired, or dropped by the bot
  }
  return std::nullopt;
}

HttpRequest Registration::request_with(std::string body) const {
  HttpRequest request("POST", target_.origin, target_.target);
  request.label = "webhook";
  request.timeout = answer_within;
  request.headers.add("Content-Type", "application/json");
  if (webhook_.secret_token) request.headers.add("X-Telegram-Bot-Api-Secret-Token", webhook_.secret_token->reveal());
  if (!target_.credentials.empty()) request.headers.add("Authorization", "Basic " + base64(target_.credentials));
  request.body = std::move(body);
  return request;
}

// Nothing: no answer came, and the record says why.
tgkit::Task<std::optional<HttpResponse>> Registration::post(std::string body, RecordedDelivery& record) {
  if (unreachable_) {
    record.error = unknown_name;
    co_return std::nullopt;
  }
  try {
    HttpResponse response = co_await client_->send(request_with(std::move(body)));
    record.status = response.status;
    if (!accepted(response.status)) record.error = refusal_words(response.status);
    co_return std::move(response);
  } catch (const tgkit::net::Error& error) {
    record.error = failure_words(error);
  }
  co_return std::nullopt;
}

tgkit::Task<> Registration::deliver(std::shared_ptr<Registration> self, Shipment shipment) {
  const QueuedUpdate* update = self->bot_.queue.find(shipment.serial, self->world_.now());
  if (!update || self->closed_) {
    self->schedule_.give_up(shipment.serial);
    self->bot_.arrived.notify();
    co_return;
  }
  const UnixSeconds expires = update->expires;
  std::string body = update->text;
  QueueKey key = queue_key(body);
  RecordedDelivery record;
  record.bot = self->bot_.id;
  record.update_id = update->id;
  record.kind = std::move(key.kind);
  record.queue = std::move(key.queue);
  record.attempt = shipment.attempt;
  record.started = self->world_.exact_now();

  auto response = co_await self->post(std::move(body), record);
  if (self->closed_) {  // the bot asked for another address, or for polling: the update stays where it is
    record.outcome = "closed";
    self->finish(std::move(record));
    co_return;
  }
  std::optional<MethodReply> reply;
  if (response && accepted(response->status)) {
    reply = method_reply(std::move(*response));
    if (reply) record.reply = reply->method;
    self->succeeded(shipment, record);
  } else {
    const seconds wanted = response ? wanted_pause(response->headers) : seconds{0};
    self->failed(shipment, expires, wanted, record);
  }
  self->count_gone(record.status);
  self->finish(std::move(record));
  if (reply) co_await self->courier_.perform_(self->bot_, std::move(*reply));
}

void Registration::succeeded(const Shipment& shipment, RecordedDelivery& record) {
  schedule_.delivered(shipment.serial, world_.clock().now());
  bot_.queue.forget(shipment.serial);
  record.outcome = "delivered";
}

void Registration::failed(const Shipment& shipment, UnixSeconds expires, seconds retry_after,
                          RecordedDelivery& record) {
  bot_.webhook.last_error_date = world_.now();
  bot_.webhook.last_error = record.error;
  const seconds lives{expires - world_.now()};
  const auto pause = schedule_.failed(shipment.serial, world_.clock().now(), retry_after, lives);
  if (pause) {
    record.outcome = "retry";
    record.next_try = world_.exact_now() + static_cast<double>(pause->count());
  } else {
    bot_.queue.forget(shipment.serial);
    record.outcome = "dropped";
  }
}

void Registration::count_gone(int status) {
  if (status != 410) {
    if (status != 0) gone_since_.reset();
  } else if (!gone_since_) {
    gone_since_ = world_.now();
  } else if (world_.now() > *gone_since_ + gone_for) {
    world_.set_webhook(bot_, Webhook{});
  }
}

void Registration::finish(RecordedDelivery record) {
  record.ended = world_.exact_now();
  courier_.log_.append(std::move(record));
  world_.changed().notify();
  bot_.arrived.notify();
}

}  // namespace sandbox
