#include "sandbox/dmarket/recorded_call.hpp"

#include "sandbox/dmarket/json_writer.hpp"

#include <fmt/format.h>

namespace sandbox {

std::string RecordedExchangeCall::text() const {
  JsonWriter json;
  json.object()
      .number("n", static_cast<std::int64_t>(n))
      .text("method", method)
      .text("path", path)
      .text("query", query);
  json.number("status", status).flag("writes", writes).key("changed").array();
  for (const std::string& sentence : changed) json.text(sentence);
  json.end_array().raw("started", fmt::format("{:.3f}", started)).raw("ended", fmt::format("{:.3f}", ended));
  json.text("fault", fault).end_object();
  return json.take();
}

}  // namespace sandbox
