#include "tgkit/net/secret.hpp"

#include <openssl/crypto.h>

namespace tgkit::net {

// A moved-from string may keep its text in the part beyond its length: wiped up to its capacity.
Secret::~Secret() {
  text_.resize(text_.capacity());
  OPENSSL_cleanse(text_.data(), text_.size());
}

bool operator==(const Secret& a, const Secret& b) noexcept {
  return a.text_.size() == b.text_.size() && CRYPTO_memcmp(a.text_.data(), b.text_.data(), a.text_.size()) == 0;
}

}  // namespace tgkit::net
