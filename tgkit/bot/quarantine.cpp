#include "tgkit/bot/quarantine.hpp"

#include "tgkit/json/append.hpp"
#include "tgkit/telegram/json.hpp"
#include "tgkit/telegram/types/update.hpp"
#include "tgkit/telegram/types/update_kind.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <optional>
#include <utility>

namespace tgkit::bot {

namespace {

constexpr std::size_t page = 100;
constexpr std::size_t longest_reason = 100;  // in the list for people

std::string time_text(std::int64_t at) {
  const auto seconds = static_cast<std::time_t>(at);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  char text[24];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size() + 1, width), ' ');
  return text;
}

// One line, nothing that moves a terminal's cursor.
std::string short_reason(std::string_view reason) {
  std::string text(reason.substr(0, longest_reason));
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return reason.size() > longest_reason ? text + "..." : text;
}

std::string line_of(const storage::QuarantinedUpdate& bad) {
  return padded(std::to_string(bad.number), 7) + padded(bad.update_id == 0 ? "-" : std::to_string(bad.update_id), 12) +
         padded(time_text(bad.at), 22) + padded(std::string(kind_named_in(bad.body)), 20) +
         padded(std::to_string(bad.body.size()), 8) + short_reason(bad.reason) + "\n";
}

std::string json_of(const storage::QuarantinedUpdate& bad) {
  std::string out = R"({"id":)" + std::to_string(bad.number) + R"(,"update_id":)" + std::to_string(bad.update_id);
  out += R"(,"at":)" + std::to_string(bad.at) + R"(,"kind":)";
  json::append_string(out, kind_named_in(bad.body));
  out += R"(,"bytes":)" + std::to_string(bad.body.size()) + R"(,"reason":)";
  json::append_string(out, bad.reason);
  return out + "}";
}

// nullopt: one of the words is no number of an entry.
std::optional<std::vector<std::int64_t>> numbers_of(const std::vector<std::string>& words) {
  std::vector<std::int64_t> numbers;
  for (const std::string& word : words) {
    std::int64_t number = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), number);
    if (read.ec != std::errc() || read.ptr != word.data() + word.size() || number <= 0) return std::nullopt;
    numbers.push_back(number);
  }
  if (numbers.empty()) return std::nullopt;
  return numbers;
}

std::string missing(std::int64_t number) { return std::to_string(number) + ": there is no such entry\n"; }

}  // namespace

std::string_view kind_named_in(std::string_view update) {
  std::string_view found = "unknown";
  std::size_t first = update.size();
  for (const std::string_view kind : telegram::update_kind_names) {
    const std::size_t at = update.find('"' + std::string(kind) + '"');
    if (kind == "unknown" || at >= first) continue;
    first = at;
    found = kind;
  }
  return found;
}

Quarantine::Quarantine(storage::Store& store, Clock& clock, ops::Log& log, HandOver hand_over)
    : store_(store), clock_(clock), log_(log), hand_over_(std::move(hand_over)) {}

std::string Quarantine::usage() {
  return "quarantine list [--json]      updates that were set aside, the newest first\n"
         "quarantine show ID            one of them as it was received\n"
         "quarantine replay ID...|all   back into the inbox: it is handled again, its attempts forgotten\n"
         "quarantine drop ID...|all     gone for good\n";
}

Task<ops::AdminAnswer> Quarantine::run(std::vector<std::string> words) {
  const std::string what = words.empty() ? "" : words.front();
  if (!words.empty()) words.erase(words.begin());
  if (what == "list" && words.empty()) co_return co_await list(false);
  if (what == "list" && words.size() == 1 && words.front() == "--json") co_return co_await list(true);
  const bool everything = words.size() == 1 && words.front() == "all";
  std::optional<std::vector<std::int64_t>> numbers;
  if (everything && (what == "replay" || what == "drop"))
    numbers = co_await all();
  else
    numbers = numbers_of(words);
  if (numbers && what == "show" && numbers->size() == 1) co_return co_await show(numbers->front());
  if (numbers && what == "replay") co_return co_await replay(std::move(*numbers));
  if (numbers && what == "drop") co_return co_await drop(std::move(*numbers));
  co_return ops::AdminAnswer(2, usage());
}

Task<ops::AdminAnswer> Quarantine::list(bool json) {
  std::string text;
  std::int64_t before = 0;
  while (true) {
    const std::vector<storage::QuarantinedUpdate> some = co_await store_.quarantine(page, before);
    for (const storage::QuarantinedUpdate& bad : some)
      text += json ? (text.empty() ? "" : ",\n") + json_of(bad) : line_of(bad);
    if (some.size() < page) break;
    before = some.back().number;
  }
  if (json) co_return ops::AdminAnswer(0, "[" + text + "]\n");
  if (text.empty()) co_return ops::AdminAnswer(0, "nothing was set aside\n");
  co_return ops::AdminAnswer(0, padded("ID", 7) + padded("UPDATE", 12) + padded("WHEN", 22) + padded("KIND", 20) +
                                    padded("BYTES", 8) + "REASON\n" + text);
}

Task<ops::AdminAnswer> Quarantine::show(std::int64_t number) {
  const std::optional<storage::QuarantinedUpdate> bad = co_await store_.find_quarantined(number);
  if (!bad) co_return ops::AdminAnswer(1, missing(number));
  co_return ops::AdminAnswer(0, bad->body + "\n");
}

Task<std::vector<std::int64_t>> Quarantine::all() {
  std::vector<std::int64_t> numbers;
  while (true) {
    const std::int64_t before = numbers.empty() ? 0 : numbers.back();
    const std::vector<storage::QuarantinedUpdate> some = co_await store_.quarantine(page, before);
    for (const storage::QuarantinedUpdate& bad : some) numbers.push_back(bad.number);
    if (some.size() < page) break;
  }
  co_return numbers;
}

// The oldest first, as they came.
Task<ops::AdminAnswer> Quarantine::replay(std::vector<std::int64_t> numbers) {
  std::sort(numbers.begin(), numbers.end());
  ops::AdminAnswer answer(0, numbers.empty() ? "nothing was set aside\n" : "");
  for (const std::int64_t number : numbers) {
    bool done = false;
    answer.text += co_await replay_one(number, done);
    if (!done) answer.exit_code = 1;
  }
  co_return answer;
}

Task<std::string> Quarantine::replay_one(std::int64_t number, bool& done) {
  std::optional<storage::QuarantinedUpdate> bad = co_await store_.find_quarantined(number);
  if (!bad) co_return missing(number);
  telegram::Update update;
  std::string failure;
  try {
    update = telegram::from_json<telegram::Update>(bad->body);
    if (update.update_id == 0) failure = "it has no update_id";
  } catch (const telegram::ParseError& error) {
    failure = error.what();
  }
  if (!failure.empty())
    co_return std::to_string(number) + ": still cannot be read and stays set aside: " + short_reason(failure) + "\n";
  storage::InboxUpdate again;
  again.update_id = update.update_id;
  again.body = bad->body;
  again.at = std::chrono::duration_cast<std::chrono::seconds>(clock_.wall().time_since_epoch()).count();
  const bool replayed = co_await store_.replay(number, std::move(again));
  if (!replayed) co_return missing(number);
  done = true;
  const std::string id = std::to_string(update.update_id);
  log_.info("update taken back from the quarantine", ops::Field("update", update.update_id),
            ops::Field("entry", number));
  if (!hand_over_) co_return std::to_string(number) + ": update " + id + " is handled at the next start\n";
  hand_over_(std::move(update), bad->body);
  co_return std::to_string(number) + ": update " + id + " was handed to its handler\n";
}

Task<ops::AdminAnswer> Quarantine::drop(std::vector<std::int64_t> numbers) {
  const std::size_t asked = numbers.size();
  const std::size_t dropped = co_await store_.drop_quarantined(std::move(numbers));
  log_.info("updates dropped from the quarantine", ops::Field("updates", dropped));
  std::string text = "dropped: " + std::to_string(dropped) + "\n";
  if (dropped < asked) text += "not there: " + std::to_string(asked - dropped) + "\n";
  co_return ops::AdminAnswer(dropped < asked ? 1 : 0, std::move(text));
}

}  // namespace tgkit::bot
