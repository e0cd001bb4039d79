#pragma once
// Which of the webhook's queues an update belongs to. Updates of one queue arrive one after the other, those of
// different queues side by side, as the real server sends them. Pure.
#include <cstdint>
#include <string>
#include <string_view>

namespace sandbox {

struct QueueKey {
  std::int64_t chat = 0;  // it is about; 0: none
  std::string kind;       // "message", ...; empty: the update cannot be read
  std::string queue;      // "message of chat 5"; empty: it has a queue of its own
};

QueueKey queue_key(std::string_view update);  // the update's JSON text

}  // namespace sandbox
