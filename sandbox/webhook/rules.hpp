#pragma once
// Which addresses a webhook may have, and where they lead.
#include <cstdint>
#include <map>
#include <string>

namespace sandbox {

struct WebhookRules {
  // As a server in local mode: http, any port, any address, names asked of the system's resolver. Without it the rules
  // of the cloud hold, and nothing but this machine is ever contacted.
  bool any_address = false;
  std::map<std::string, std::string> hosts;  // addresses of names: bot.example -> 127.0.0.1
  std::string ca_file;                       // authorities instead of the system's; PEM

  std::int64_t most_connections() const { return any_address ? 100'000 : 100; }
  std::int64_t usual_connections() const { return any_address ? 100 : 40; }
};

}  // namespace sandbox
