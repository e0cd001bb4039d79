#include "sandbox/bot_api/call_log.hpp"

#include "sandbox/json.hpp"

#include <fmt/format.h>

namespace sandbox {

std::string RecordedCall::text() const {
  std::string out = fmt::format(R"({{"n":{},"bot":{},"method":{},"http_method":{},"parameters":{{)", n, bot,
                                quote(method), quote(http_method));
  bool first = true;
  for (const auto& [name, value] : parameters) {
    out += fmt::format("{}{}:{}", first ? "" : ",", quote(name), quote(value));
    first = false;
  }
  out += "},\"files\":[";
  first = true;
  for (const auto& [field, file] : files) {
    out += fmt::format(R"({}{{"name":{},"file_name":{},"size":{}}})", first ? "" : ",", quote(field), quote(file.first),
                       file.second);
    first = false;
  }
  out += fmt::format(R"(],"status":{},"error":{},"started":{:.3f},"ended":{:.3f},"fault":{}}})", status, quote(error),
                     started, ended, quote(fault));
  return out;
}

}  // namespace sandbox
