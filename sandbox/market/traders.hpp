#pragma once
// The other traders of one title: what each of their moves does to its book. Pure but for the book and the stream.
#include "sandbox/market/book.hpp"

namespace sandbox::market {

struct TitleState {
  Book book;
  Worth worth;
  Random random;                                  // of the other traders' moves
  Time next_at = 0;                               // the next of them
  std::uint16_t offer_goal = 1, target_goal = 1;  // how many they like to keep
  std::uint32_t player_orders = 0;                // open offers and targets of the player
  bool queued = false;                            // its next move stands in the queue of events
};

// A move that meets an order of the player. The book is left as it is: the account settles it.
struct Meeting {
  enum class Kind : std::uint8_t { none, buys_offer, sells_to_target };
  Kind kind = Kind::none;
  std::uint32_t serial = 0;  // of the player's order
  BookOffer brought;         // what is sold to the target; serial and asset are not set
};

// A book as it stands at the beginning. Sets next_at.
void open_book(TitleState& title, const Traits& traits, const TitleInfo& info, Time now);
// The move that is due at title.next_at; sets the next one.
Meeting next_move(TitleState& title, const Traits& traits, const TitleInfo& info, Time world_start);

// What competitors answer to the player's order; true: it has been beaten. At `now`, with the dice of the account.
bool undercut(TitleState& title, const TitleInfo& info, std::uint32_t serial, Time now, Random& random);
bool outbid(TitleState& title, const Traits& traits, const TitleInfo& info, std::uint32_t serial, Time now);

}  // namespace sandbox::market
