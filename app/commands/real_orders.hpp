#pragma once
// Taking real orders down in dry run: the question, asked by several commands.
#include "app/commands/commands.hpp"
#include "app/menu.hpp"
#include "tgkit/bot/state.hpp"

#include <cstdint>
#include <string>
#include <tuple>

namespace app {

// The question that was asked last and is not answered yet.
struct TakeDownQuestion {
  std::int64_t number = 0;
  bool open = false;
};

}  // namespace app

template <>
struct tgkit::bot::Stored<app::TakeDownQuestion> {
  static constexpr std::string_view name = "take down question";
  static constexpr auto fields =
      std::tuple(field("number", &app::TakeDownQuestion::number), field("open", &app::TakeDownQuestion::open));
};

namespace app {

// "Shall they be taken down?" under `above`, with the buttons that answer. Yes comes first.
Page take_down_question(const tgkit::bot::Context& ctx, const std::string& above,
                        tgkit::bot::UserState<TakeDownQuestion>& question);

}  // namespace app
