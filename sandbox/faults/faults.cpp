#include "sandbox/faults/faults.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sandbox {
namespace {

using Action = Fault::Action;

// The kinds of occasion an action goes with.
constexpr unsigned for_bot_api = 1, for_dmarket = 2, for_updates = 4, for_webhooks = 8;
constexpr unsigned for_calls = for_bot_api | for_dmarket;

struct ActionEntry {
  Action action;
  std::string_view name;
  unsigned goes_with;
};
constexpr std::array<ActionEntry, 24> actions{{{Action::status, "status", for_calls},
                                               {Action::flood, "flood", for_calls},
                                               {Action::conflict, "conflict", for_bot_api},
                                               {Action::html, "html", for_calls},
                                               {Action::body, "body", for_calls},
                                               {Action::empty, "empty", for_calls},
                                               {Action::drop_before, "drop_before", for_calls | for_webhooks},
                                               {Action::drop_after, "drop_after", for_calls | for_webhooks},
                                               {Action::delay, "delay", for_calls | for_webhooks},
                                               {Action::slow, "slow", for_calls},
                                               {Action::half, "half", for_calls},
                                               {Action::extra_keys, "extra_keys", for_calls | for_updates},
                                               {Action::bad_utf8, "bad_utf8", for_calls | for_updates},
                                               {Action::late, "late", for_calls},
                                               {Action::missing_fields, "missing_fields", for_dmarket},
                                               {Action::empty_page, "empty_page", for_dmarket},
                                               {Action::same_cursor, "same_cursor", for_dmarket},
                                               {Action::lag, "lag", for_dmarket},
                                               {Action::hide, "hide", for_dmarket},
                                               {Action::short_list, "short_list", for_dmarket},
                                               {Action::null_ids, "null_ids", for_dmarket},
                                               {Action::poison, "poison", for_updates},
                                               {Action::duplicate, "duplicate", for_updates | for_webhooks},
                                               {Action::reorder, "reorder", for_webhooks}}};

bool same_method(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

unsigned occasion_of(std::string_view method) {
  if (method == "dmarket") return for_dmarket;
  if (method == "update") return for_updates;
  if (method == "webhook") return for_webhooks;
  return for_bot_api;
}

bool holds(const Occasion& occasion, std::string_view text) {
  return occasion.query.find(text) != std::string_view::npos || occasion.body.find(text) != std::string_view::npos;
}

bool fits(const Fault& fault, const Occasion& occasion) {
  const bool any = fault.method == "*" && occasion_of(occasion.method) == for_bot_api;
  return (any || same_method(fault.method, occasion.method)) && (fault.bot == 0 || fault.bot == occasion.bot) &&
         (fault.chat == 0 || fault.chat == occasion.chat) && (fault.kind.empty() || fault.kind == occasion.kind) &&
         (fault.path.empty() || occasion.path.starts_with(fault.path)) &&
         (fault.contains.empty() || holds(occasion, fault.contains));
}

// True with the fault's probability; every throw is another one of the row that the seed begins.
bool dice_say_yes(Fault& fault) {
  if (fault.probability >= 1) return true;
  std::uint64_t z = (fault.seed += 0x9E3779B97F4A7C15u);  // splitmix64
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  z ^= z >> 31;
  return static_cast<double>(z >> 11) * 0x1.0p-53 < fault.probability;
}

}  // namespace

std::string_view name_of(Action action) {
  for (const ActionEntry& entry : actions) {
    if (entry.action == action) return entry.name;
  }
  return "status";
}

std::optional<Action> action_of(std::string_view name) {
  for (const ActionEntry& entry : actions) {
    if (entry.name == name) return entry.action;
  }
  return std::nullopt;
}

std::string misfit(const Fault& fault) {
  const unsigned occasion = occasion_of(fault.method);
  std::string fitting;
  for (const ActionEntry& entry : actions) {
    if ((entry.goes_with & occasion) == 0) continue;
    if (entry.action == fault.action) return {};
    fitting += (fitting.empty() ? "" : ", ") + std::string(entry.name);
  }
  return "\"action\" must be one of: " + fitting + " (with the method \"" + fault.method + "\")";
}

std::uint64_t Faults::add(Fault fault) {
  fault.id = ++ids_;
  faults_.push_back(std::move(fault));
  return ids_;
}

bool Faults::remove(std::uint64_t id) {
  return std::erase_if(faults_, [id](const Fault& fault) { return fault.id == id; }) > 0;
}

void Faults::clear() {
  faults_.clear();
  done_.clear();
}

bool Faults::any_for(std::string_view method) const {
  return std::any_of(faults_.begin(), faults_.end(), [&](const Fault& fault) { return fault.method == method; });
}

std::optional<Fault> Faults::take(const Occasion& occasion) {
  for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
    if (!fits(*fault, occasion)) continue;
    if (fault->skip > 0) {
      --fault->skip;
      continue;
    }
    if (!dice_say_yes(*fault)) continue;
    ++fault->hits;
    if (!fault->endless) --fault->count;
    Fault taken = *fault;
    if (fault->endless || fault->count > 0) return taken;
    done_.push_back(std::move(*fault));
    if (done_.size() > kept_done) done_.pop_front();
    faults_.erase(fault);
    return taken;
  }
  return std::nullopt;
}

}  // namespace sandbox
