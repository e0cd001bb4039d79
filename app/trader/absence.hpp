#pragma once
// Absent is not gone: what a list did not show counts as gone only after two looks, some minutes apart, at lists that
// proved themselves complete. Pure; it may live in memory, since a restart only makes us wait longer.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace app::trader {

// How far two looks must be apart, seconds: longer than a list is known to lag.
inline constexpr std::int64_t between_looks = 180;
// So long a person need not be asked about what cannot be proven, seconds.
inline constexpr std::int64_t longest_doubt = 3600;

enum class Showing {
  shown,    // it is there
  unclear,  // not shown, by a list that does not prove anything
  absent,   // not shown, by a list that is complete
};

class Absences {
 public:
  // What a look showed of a thing, when it was asked for (Unix seconds by the exchange's clock). True: it is gone; the
  // next look begins anew.
  bool gone(const std::string& what, Showing showing, std::int64_t asked);

  struct Doubt {
    std::string what;
    std::int64_t since = 0;
  };
  // Whether something began to be missing so lately that a second look at it is due soon.
  bool looking(std::int64_t now) const;
  // A person wants it to be looked for: the hour of doubt begins anew.
  void look_on(const std::string& what, std::int64_t now);
  // What was not shown for longer than longest_doubt and is not proven to be gone.
  std::vector<Doubt> doubts(std::int64_t now) const;

 private:
  struct Missed {
    std::int64_t since = 0;   // the first look that did not show it
    std::int64_t absent = 0;  // the first complete one; 0: none yet
    std::int64_t last = 0;
  };
  void forget_old(std::int64_t now);

  std::map<std::string, Missed> missed_;
};

}  // namespace app::trader
