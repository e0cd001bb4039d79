#pragma once
// One bot's webhook for as long as it is registered. Internal to the courier.
#include "sandbox/webhook/courier.hpp"
#include "sandbox/webhook/queue_key.hpp"
#include "sandbox/webhook/schedule.hpp"
#include "sandbox/webhook/target.hpp"
#include "tgkit/net/client.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>

namespace sandbox {

// A file that goes with its owner.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content);  // throws std::runtime_error
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class Registration {
 public:
  Registration(Courier& courier, Bot& bot);

  static tgkit::Task<> run(std::shared_ptr<Registration> self);  // until it is closed
  void close();
  std::size_t in_flight() const { return schedule_.in_flight(); }

 private:
  static tgkit::Task<> deliver(std::shared_ptr<Registration> self, Shipment shipment);
  tgkit::Task<std::optional<tgkit::net::HttpResponse>> post(std::string body, const std::optional<Fault>& fault,
                                                            RecordedDelivery& record);
  tgkit::net::HttpRequest request_with(std::string body) const;
  void look_for_updates();
  bool held_back(const Shipment& shipment, const Fault& fault);
  std::optional<Fault> fault_for(const QueuedUpdate& update, const QueueKey& key);
  std::optional<Shipment> next_shipment();
  void succeeded(const Shipment& shipment, bool once_more, RecordedDelivery& record);
  void failed(const Shipment& shipment, UnixSeconds expires, std::chrono::seconds retry_after,
              RecordedDelivery& record);
  void count_gone(int status);
  void finish(RecordedDelivery record);

  Courier& courier_;
  World& world_;
  Bot& bot_;
  Webhook webhook_;  // as it was registered
  WebhookTarget target_;
  bool unreachable_ = false;  // the name leads nowhere in this world
  std::optional<TemporaryFile> certificate_;
  std::unique_ptr<tgkit::net::HttpClient> client_;
  WebhookSchedule schedule_;
  std::uint64_t seen_ = 0;                 // serial of the newest update that was scheduled
  std::optional<UnixSeconds> gone_since_;  // the first of an unbroken row of 410
  std::set<std::uint64_t> held_back_;      // by a fault, which then is not asked again
  bool closed_ = false;
};

}  // namespace sandbox
