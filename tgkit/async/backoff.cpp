#include "tgkit/async/backoff.hpp"

#include <algorithm>
#include <random>

namespace tgkit {

namespace {

std::uint64_t system_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

// SplitMix64: the pauses need to be spread, not secret, and the same on every platform for one seed.
std::uint64_t next_random(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace

Backoff::Backoff(Settings settings) : Backoff(settings, system_seed()) {}

Backoff::Backoff(Settings settings, std::uint64_t seed) : settings_(settings), random_(seed) {}

Duration Backoff::next() {
  Duration bound = std::min(settings_.first, settings_.most);
  for (unsigned i = 0; i < attempts_ && bound < settings_.most; ++i) {
    bound = bound > settings_.most / 2 ? settings_.most : bound * 2;
  }
  ++attempts_;
  if (bound <= settings_.least) return settings_.least;
  const auto span = static_cast<std::uint64_t>((bound - settings_.least).count()) + 1;
  return settings_.least + Duration(static_cast<Duration::rep>(next_random(random_) % span));
}

}  // namespace tgkit
