// Text and callback data as strangers may send them, through everything that takes them apart.
#include "tgkit/bot/command.hpp"
#include "tgkit/bot/payload.hpp"
#include "tgkit/bot/regex_filter.hpp"
#include "tgkit/telegram/types/message.hpp"

#include <cstdint>
#include <string>

namespace {

struct Deal {
  std::int64_t offer = 0;
  bool quick = false;
  tgkit::bot::ShortText<12> note;
};

}  // namespace

template <>
struct tgkit::bot::Payload<Deal> {
  static constexpr std::string_view tag = "deal";
  static constexpr auto fields = std::tuple(&Deal::offer, &Deal::quick, &Deal::note);
};

namespace {

using namespace tgkit::bot;

tgkit::telegram::Update command_update(std::string text, std::int64_t length) {
  tgkit::telegram::Message message;
  message.chat.id = 7;
  message.chat.type = "private";
  message.text = std::move(text);
  message.entities.emplace_back("bot_command", 0, length);
  tgkit::telegram::Update update;
  update.update_id = 1;
  update.message = tgkit::telegram::Box<tgkit::telegram::Message>(std::move(message));
  return update;
}

void require(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  const Matching matching{4242, "our_bot", CallbackKey(), {}};

  const Event event(command_update(text, data[0]));
  constexpr auto buy = command<"buy", std::string, std::optional<int>, Rest>;
  if (buy.accepts(matching, event)) (void)buy.extract(matching, event);
  if (event.command()) {
    // Every piece lies inside the text it was cut from.
    const std::vector<ArgumentKind> kinds = {detail::argument_kind<std::string>(), detail::argument_kind<Rest>(),
                                             detail::argument_kind<std::optional<int>>()};
    for (const auto& piece : split_arguments(event.command()->arguments, kinds).pieces) {
      if (!piece || piece->empty()) continue;
      const std::string& whole = *event.message()->text;
      require(piece->data() >= whole.data() && piece->data() + piece->size() <= whole.data() + whole.size());
    }
  }

  // Nothing that was not signed is opened, but by a guess of 64 bits.
  (void)callback_tag(text);
  require(!unpack<Deal>(matching.key, text));
  Deal deal;
  deal.offer = data[0];
  deal.note = ShortText<12>(text);
  const std::string packed = pack(matching.key, deal);
  require(packed.size() <= callback_data_limit);
  const auto back = unpack<Deal>(matching.key, packed);
  require(back && back->offer == deal.offer && back->note == deal.note);
  return 0;
}
