#include "sandbox/webhook/registration.hpp"

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
constexpr char never_connected[] = "Connection timed out";
constexpr char answer_lost[] = "Connection closed";
constexpr char answer_reset[] = "Connection reset by peer";
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
tgkit::Task<std::optional<HttpResponse>> Registration::post(std::string body, const std::optional<Fault>& fault,
                                                            RecordedDelivery& record) {
  const bool never_there = fault && fault->action == Fault::Action::drop_before;
  if (unreachable_ || never_there) {
    record.error = never_there ? never_connected : unknown_name;
    co_return std::nullopt;
  }
  try {
    HttpResponse response = co_await client_->send(request_with(std::move(body)));
    if (fault && fault->action == Fault::Action::drop_after) {
      record.error = fault->reset ? answer_reset : answer_lost;
      co_return std::nullopt;
    }
    record.status = response.status;
    if (!accepted(response.status)) record.error = refusal_words(response.status);
    co_return std::move(response);
  } catch (const tgkit::net::Error& error) {
    record.error = failure_words(error);
  }
  co_return std::nullopt;
}

std::optional<Fault> Registration::fault_for(const QueuedUpdate& update, const QueueKey& key) {
  if (const auto held = held_back_.find(update.serial); held != held_back_.end()) {
    held_back_.erase(held);
    return std::nullopt;
  }
  const Occasion occasion{"webhook", bot_.id, key.chat, key.kind};
  return courier_.faults_.take(occasion);
}

// True: it is sent later.
bool Registration::held_back(const Shipment& shipment, const Fault& fault) {
  const tgkit::TimePoint when = world_.clock().now() + fault.delay;
  if (fault.action == Fault::Action::delay) {
    schedule_.postpone(shipment.serial, when);
  } else if (fault.action == Fault::Action::reorder) {
    schedule_.set_aside(shipment.serial, when);
  } else {
    return false;
  }
  held_back_.insert(shipment.serial);
  bot_.arrived.notify();
  return true;
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
  const std::optional<Fault> fault = self->fault_for(*update, key);
  if (fault && self->held_back(shipment, *fault)) co_return;
  RecordedDelivery record;
  if (fault) record.fault = std::string(name_of(fault->action));
  record.bot = self->bot_.id;
  record.update_id = update->id;
  record.kind = std::move(key.kind);
  record.queue = std::move(key.queue);
  record.attempt = shipment.attempt;
  record.started = self->world_.exact_now();

  auto response = co_await self->post(std::move(body), fault, record);
  if (self->closed_) {  // the bot asked for another address, or for polling: the update stays where it is
    record.outcome = "closed";
    self->finish(std::move(record));
    co_return;
  }
  std::optional<MethodReply> reply;
  if (response && accepted(response->status)) {
    reply = method_reply(std::move(*response));
    if (reply) record.reply = reply->method;
    self->succeeded(shipment, fault && fault->action == Fault::Action::duplicate, record);
  } else {
    const seconds wanted = response ? wanted_pause(response->headers) : seconds{0};
    self->failed(shipment, expires, wanted, record);
  }
  self->count_gone(record.status);
  self->finish(std::move(record));
  if (reply) co_await self->courier_.perform_(self->bot_, std::move(*reply));
}

void Registration::succeeded(const Shipment& shipment, bool once_more, RecordedDelivery& record) {
  record.outcome = "delivered";
  if (once_more) {
    schedule_.again(shipment.serial, world_.clock().now());
    return;
  }
  schedule_.delivered(shipment.serial, world_.clock().now());
  bot_.queue.forget(shipment.serial);
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
