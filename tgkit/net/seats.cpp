#include "tgkit/net/seats.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <vector>

#include <boost/asio/ip/address.hpp>

namespace tgkit::net {
namespace {

// Bytes of a request follow each other faster, or its sender is in no hurry.
constexpr std::chrono::seconds unfinished_at_least{2};
constexpr unsigned bytes_of_a_customer = 8;  // of an IPv6 address

bool may_give_way(const Seat& seat, TimePoint now) {
  if (seat.doing == Seat::Doing::idle) return true;
  return seat.doing == Seat::Doing::reading && seat.since + unfinished_at_least <= now;
}

// The least goes first.
auto rank(const Seat& seat) { return std::tuple(seat.trusted, seat.doing == Seat::Doing::reading, seat.since); }

bool counts(const Seat& seat) { return seat.doing != Seat::Doing::leaving; }

Placing full(std::span<Seat* const> seats, TimePoint now, const Unread& unread, TurnedAway otherwise) {
  Placing placing;
  placing.gives_way = gives_way(seats, now, unread);
  if (placing.gives_way == nullptr) placing.refused = otherwise;
  return placing;
}

std::vector<Seat*> of_share(std::span<Seat* const> seats, const std::string& share) {
  std::vector<Seat*> found;
  std::ranges::copy_if(seats, std::back_inserter(found),
                       [&share](const Seat* seat) { return counts(*seat) && !seat->trusted && seat->share == share; });
  return found;
}

}  // namespace

std::string_view to_text(TurnedAway reason) {
  constexpr std::array<std::string_view, turned_away_reasons> names = {"address", "share", "full", "gave_way"};
  return names[static_cast<std::size_t>(reason)];
}

std::string share_of(std::string_view address) {
  boost::system::error_code no_address;
  const auto read = boost::asio::ip::make_address(std::string(address), no_address);
  if (no_address || !read.is_v6()) return std::string(address);
  auto bytes = read.to_v6().to_bytes();
  if (read.to_v6().is_v4_mapped()) return make_address_v4(boost::asio::ip::v4_mapped, read.to_v6()).to_string();
  std::fill(bytes.begin() + bytes_of_a_customer, bytes.end(), static_cast<unsigned char>(0));
  return boost::asio::ip::address_v6(bytes).to_string() + "/64";
}

Seat* gives_way(std::span<Seat* const> seats, TimePoint now, const Unread& unread) {
  Seat* first = nullptr;
  for (Seat* seat : seats) {
    if (!may_give_way(*seat, now) || (first != nullptr && rank(*first) <= rank(*seat))) continue;
    if (!unread(*seat)) first = seat;
  }
  return first;
}

Placing place(std::span<Seat* const> seats, const Seat& newcomer, const SeatLimits& limits, TimePoint now,
              const Unread& unread) {
  if (limits.most_per_share > 0 && !newcomer.trusted && seats.size() >= limits.most_per_share) {
    const std::vector<Seat*> same = of_share(seats, newcomer.share);
    if (same.size() >= limits.most_per_share) return full(same, now, unread, TurnedAway::share);
  }
  if (seats.size() < limits.most) return {};
  const auto taken = static_cast<std::size_t>(std::ranges::count_if(seats, [](const Seat* s) { return counts(*s); }));
  return taken < limits.most ? Placing() : full(seats, now, unread, TurnedAway::full);
}

}  // namespace tgkit::net
