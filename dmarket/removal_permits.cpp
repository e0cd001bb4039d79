#include "dmarket/removal_permits.hpp"

#include "dmarket/requests.hpp"

#include <algorithm>

namespace dmarket {
namespace {

// Every text that stands behind `key`. That the body holds nothing else shows when it is written again.
std::vector<std::string> texts_behind(std::string_view key, std::string_view body) {
  std::vector<std::string> texts;
  for (std::size_t at = body.find(key); at != body.npos; at = body.find(key, at)) {
    at += key.size();
    texts.emplace_back(body.substr(at, body.find('"', at) - at));
  }
  return texts;
}

template <class Removal>
std::vector<Removal> removals(const std::vector<std::string>& ids);

template <>
std::vector<TargetId> removals(const std::vector<std::string>& ids) {
  return {ids.begin(), ids.end()};
}

template <>
std::vector<OfferRemoval> removals(const std::vector<std::string>& ids) {
  std::vector<OfferRemoval> all;
  for (const std::string& id : ids) all.emplace_back(OfferId(id), AssetId());
  return all;
}

// The ids that the request deletes; none when it is not exactly what our own code writes for them.
std::vector<std::string> deleted_by(const Endpoint* endpoint, std::string_view body) {
  std::vector<std::string> ids;
  std::string expected;
  try {
    if (endpoint == find_endpoint(endpoints::targets_delete.method, endpoints::targets_delete.path)) {
      ids = texts_behind("\"TargetID\":\"", body);
      expected = requests::delete_targets_body(removals<TargetId>(ids));
    } else if (endpoint == find_endpoint(endpoints::offers_batch_delete.method, endpoints::offers_batch_delete.path)) {
      ids = texts_behind("\"offerId\":\"", body);
      expected = requests::delete_offers_body(removals<OfferRemoval>(ids));
    }
  } catch (const Error&) {  // no batch
    return {};
  }
  if (expected != body) ids.clear();
  return ids;
}

bool is_about_targets(const Endpoint* endpoint) { return endpoint->path == endpoints::targets_delete.path; }

}  // namespace

void RemovalPermits::clear() {
  targets_.clear();
  offers_.clear();
}

bool RemovalPermits::covers(const Endpoint* endpoint, std::string_view body) const {
  if (endpoint == nullptr || risk_of(endpoint) != Risk::reduces) return false;
  const std::vector<std::string> ids = deleted_by(endpoint, body);
  const auto& permitted = is_about_targets(endpoint) ? targets_ : offers_;
  return !ids.empty() && std::ranges::all_of(ids, [&permitted](const auto& id) { return permitted.contains(id); });
}

bool RemovalPermits::use(const Endpoint* endpoint, std::string_view body) {
  if (!covers(endpoint, body)) return false;
  auto& permitted = is_about_targets(endpoint) ? targets_ : offers_;
  for (const std::string& id : deleted_by(endpoint, body)) permitted.erase(id);
  return true;
}

}  // namespace dmarket
