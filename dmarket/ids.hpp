#pragma once
// Names that the exchange gives to things: opaque texts, a type for each, so that an asset is never taken for an offer.
#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace dmarket {

template <class Kind>
class Id {
 public:
  Id() = default;  // names nothing
  explicit Id(std::string text) : text_(std::move(text)) {}
  const std::string& text() const noexcept { return text_; }
  bool empty() const noexcept { return text_.empty(); }
  friend auto operator<=>(const Id&, const Id&) = default;

 private:
  std::string text_;
};

using OfferId = Id<struct OfferKind>;  // dies with each change of price: the change makes a new one
using TargetId = Id<struct TargetKind>;
using AssetId = Id<struct AssetKind>;  // the same while the item stays on DMarket; see is_uuid
using DepositId = Id<struct DepositKind>;
using TransferId = Id<struct TransferKind>;

// "c3d4e5f6-a7b8-9012-cdef-345678901234". An asset whose id is no UUID lies in Steam: it can be deposited, not offered.
bool is_uuid(std::string_view text);

}  // namespace dmarket

template <class Kind>
struct std::hash<dmarket::Id<Kind>> {
  std::size_t operator()(const dmarket::Id<Kind>& id) const noexcept { return std::hash<std::string>()(id.text()); }
};
