#include "sandbox/chat/event_log.hpp"

#include <fmt/format.h>

namespace sandbox {

std::string Event::text() const {
  std::string out = fmt::format(R"({{"seq":{},"kind":{},"at":{:.3f})", seq, quote(kind), at);
  if (chat != 0) out += fmt::format(R"(,"chat":{})", chat);
  if (bot != 0) out += fmt::format(R"(,"bot":{})", bot);
  out += details;
  out += '}';
  return out;
}

const Event& EventLog::append(Event event) {
  event.seq = ++last_;
  events_.push_back(std::move(event));
  if (events_.size() > kept) events_.pop_front();
  return events_.back();
}

std::size_t EventLog::first_above(std::uint64_t seq) const {
  if (events_.empty() || seq < events_.front().seq) return 0;
  return static_cast<std::size_t>(std::min<std::uint64_t>(seq - events_.front().seq + 1, events_.size()));
}

}  // namespace sandbox
