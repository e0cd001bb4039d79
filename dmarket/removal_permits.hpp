#pragma once
// The one exception to the dry run: the deletion of targets and offers that a person has named. A permit is for one
// order and is used up when its deletion leaves, whatever comes of it; what a request deletes is read from its bytes.
#include "dmarket/endpoints.hpp"
#include "dmarket/ids.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dmarket {

// Not thread-safe: used on the loop's thread only. Held in memory alone: a restart forgets all permits.
class RemovalPermits {
 public:
  void permit(const TargetId& target) { targets_.insert(target.text()); }
  void permit(const OfferId& offer) { offers_.insert(offer.text()); }
  void clear();

  // Whether the request deletes orders, nothing else, and each of them may be.
  bool covers(const Endpoint* endpoint, std::string_view body) const;
  // The same, and uses up the permits of all of them.
  bool use(const Endpoint* endpoint, std::string_view body);

 private:
  std::set<std::string> targets_, offers_;
};

}  // namespace dmarket
