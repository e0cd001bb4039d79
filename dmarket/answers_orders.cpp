#include "dmarket/answer_parts.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace dmarket {
namespace {

// --- batches of offers: {"offers":[{id, assetId}], "failed":[{assetId or offerId, code, message}]}

struct BatchEntry {
  std::optional<OfferId> offer;
  std::optional<AssetId> asset;
  std::string code, message;
};

struct Batch {
  std::vector<BatchEntry> done, failed;
};

void read_batch_entry(AnswerReader& reader, BatchEntry& to) {
  reader.object([&](std::string_view key) {
    if (key == "id" || key == "offerId") {
      reader.id(to.offer);
    } else if (key == "assetId") {
      reader.id(to.asset);
    } else if (key == "code") {
      reader.scalar(to.code);
    } else if (key == "message") {
      reader.scalar(to.message);
    } else {
      return false;
    }
    return true;
  });
}

Batch read_batch(const Endpoint& endpoint, std::string_view body, Oddities& oddities) {
  Batch batch;
  AnswerReader reader(endpoint, body, oddities);
  UnknownFields unknown;
  reader.document(
      [&](std::string_view key) {
        if (key != "offers" && key != "failed") return false;
        auto& list = key == "offers" ? batch.done : batch.failed;
        reader.array([&] { read_batch_entry(reader, list.emplace_back()); });
        return true;
      },
      unknown);
  return batch;
}

template <class Names>
const BatchEntry* find_entry(const std::vector<BatchEntry>& entries, Names&& names) {
  const auto found = std::find_if(entries.begin(), entries.end(), names);
  return found == entries.end() ? nullptr : &*found;
}

// What an entry must name to mean the request: its asset, its offer. Where it names neither, a batch of one means it.
bool means(const BatchEntry& entry, const OfferId* offer, const AssetId& asset, bool only_one) {
  if (entry.asset && *entry.asset == asset) return true;
  if (offer != nullptr && entry.offer && *entry.offer == *offer) return true;
  return only_one && !entry.asset && (offer == nullptr || !entry.offer);
}

// `offer`: the one the request named, if it named one. `is_new`: an entry's id is that of a new offer, so that it
// proves nothing about the old one.
OfferOutcome outcome(const Batch& batch, const OfferId* offer, const AssetId& asset, bool is_new, std::size_t asked) {
  const bool only_done = asked == 1 && batch.done.size() == 1 && batch.failed.empty();
  const bool only_failed = asked == 1 && batch.failed.size() == 1 && batch.done.empty();
  const OfferId* const named = is_new ? nullptr : offer;
  const auto* done = find_entry(batch.done, [&](const auto& e) { return means(e, named, asset, only_done); });
  const auto* failed = find_entry(batch.failed, [&](const auto& e) { return means(e, offer, asset, only_failed); });
  OfferOutcome result;
  if (done != nullptr && failed == nullptr) {
    result.fate = ItemFate::done;
    result.offer_id = done->offer;
  } else if (failed != nullptr && done == nullptr) {
    result.fate = ItemFate::refused;
    result.code = failed->code;
    result.message = failed->message;
    if (result.code == "AssetTimeLocked") result.locked_for = parse_lock_time(result.message);
  }
  return result;
}

// --- targets: {"Result":[{"CreateTarget" or "DeleteTarget":{...}, "TargetID", "Successful", "Error":{...}}]}

struct TargetResult {
  std::optional<TargetId> id, deleted;
  std::optional<std::string> title;
  std::optional<bool> successful;
  std::string code, message;
};

void read_result_error(AnswerReader& reader, TargetResult& to) {
  if (reader.peek() == tgkit::json::Reader::Kind::string) return reader.scalar(to.message);
  reader.object([&](std::string_view key) {
    if (key == "Code" || key == "code") {
      reader.scalar(to.code);
    } else if (key == "Message" || key == "message") {
      reader.scalar(to.message);
    } else {
      return false;
    }
    return true;
  });
}

void read_target_result(AnswerReader& reader, TargetResult& to) {
  reader.object([&](std::string_view key) {
    if (key == "TargetID") {
      reader.id(to.id);
    } else if (key == "Successful") {
      reader.boolean(to.successful);
    } else if (key == "Error") {
      read_result_error(reader, to);
    } else if (key == "CreateTarget" || key == "DeleteTarget") {
      reader.object([&](std::string_view inner) {
        if (inner == "TargetID") {
          reader.id(to.deleted);
        } else if (inner == "Title") {
          reader.text(to.title);
        } else {
          return false;
        }
        return true;
      });
    } else {
      return false;
    }
    return true;
  });
}

std::vector<TargetResult> read_results(const Endpoint& endpoint, std::string_view body, Oddities& oddities) {
  return read_page<TargetResult>(endpoint, body, oddities, PageNames{"Result"}, read_target_result).items;
}

TargetOutcome refused(const TargetResult& result) {
  TargetOutcome outcome;
  outcome.fate = ItemFate::refused;
  outcome.code = result.code;
  outcome.message = result.message;
  return outcome;
}

bool says_refused(const TargetResult& result) {
  return result.successful == false || (!result.successful && (!result.code.empty() || !result.message.empty()));
}

// A success counts only with the new target's id: without it nobody could find the target again.
TargetOutcome created_outcome(const TargetResult& result, const TargetDraft& asked) {
  if (result.title && *result.title != asked.title) return {};
  if (says_refused(result)) return refused(result);
  TargetOutcome outcome;
  if (result.id) {
    outcome.fate = ItemFate::done;
    outcome.target_id = result.id;
  }
  return outcome;
}

TargetOutcome deleted_outcome(const TargetResult& result, const TargetId& asked) {
  if (says_refused(result)) return refused(result);
  TargetOutcome outcome;
  outcome.fate = result.successful ? ItemFate::done : ItemFate::not_mentioned;
  outcome.target_id = asked;
  return outcome;
}

}  // namespace

std::optional<std::chrono::seconds> parse_lock_time(std::string_view text) {
  std::int64_t seconds = 0;
  int parts = 0;
  while (true) {
    const auto part = text.substr(0, text.find(':'));
    unsigned value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (part.empty() || error != std::errc{} || end != part.data() + part.size() || ++parts > 3 || value > 100'000)
      return std::nullopt;
    seconds = seconds * 60 + value;
    if (part.size() == text.size()) break;
    text.remove_prefix(part.size() + 1);
  }
  if (parts < 2) return std::nullopt;
  return std::chrono::seconds(seconds);
}

std::vector<OfferOutcome> read_offers_created(std::string_view body, const std::vector<OfferDraft>& asked,
                                              Oddities& oddities) {
  const Batch batch = read_batch(endpoints::offers_batch_create, body, oddities);
  std::vector<OfferOutcome> outcomes;
  for (const OfferDraft& draft : asked) outcomes.push_back(outcome(batch, nullptr, draft.asset, true, asked.size()));
  return outcomes;
}

std::vector<OfferOutcome> read_offers_updated(std::string_view body, const std::vector<OfferChange>& asked,
                                              Oddities& oddities) {
  const Batch batch = read_batch(endpoints::offers_batch_update, body, oddities);
  std::vector<OfferOutcome> outcomes;
  for (const OfferChange& change : asked)
    outcomes.push_back(outcome(batch, &change.offer, change.asset, true, asked.size()));
  return outcomes;
}

std::vector<OfferOutcome> read_offers_deleted(std::string_view body, const std::vector<OfferRemoval>& asked,
                                              Oddities& oddities) {
  const Batch batch = read_batch(endpoints::offers_batch_delete, body, oddities);
  std::vector<OfferOutcome> outcomes;
  for (const OfferRemoval& removal : asked)
    outcomes.push_back(outcome(batch, &removal.offer, removal.asset, false, asked.size()));
  return outcomes;
}

std::vector<TargetOutcome> read_targets_created(std::string_view body, const std::vector<TargetDraft>& asked,
                                                Oddities& oddities) {
  const auto results = read_results(endpoints::targets_create, body, oddities);
  std::vector<TargetOutcome> outcomes(asked.size());
  if (results.size() != asked.size()) {
    oddities.add("Result", "has another number of entries than were asked for");
    return outcomes;
  }
  for (std::size_t i = 0; i != asked.size(); ++i) outcomes[i] = created_outcome(results[i], asked[i]);
  return outcomes;
}

std::vector<TargetOutcome> read_targets_deleted(std::string_view body, const std::vector<TargetId>& asked,
                                                Oddities& oddities) {
  const auto results = read_results(endpoints::targets_delete, body, oddities);
  std::vector<TargetOutcome> outcomes(asked.size());
  for (std::size_t i = 0; i != asked.size(); ++i) {
    const auto named = std::find_if(results.begin(), results.end(),
                                    [&](const TargetResult& result) { return result.deleted == asked[i]; });
    if (named != results.end()) {
      outcomes[i] = deleted_outcome(*named, asked[i]);
    } else if (results.size() == asked.size() && !results[i].deleted) {
      outcomes[i] = deleted_outcome(results[i], asked[i]);
    }
  }
  return outcomes;
}

}  // namespace dmarket
