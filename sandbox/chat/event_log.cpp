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

}  // namespace sandbox
