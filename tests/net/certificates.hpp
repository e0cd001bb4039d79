#pragma once
// Certificates made for one test run, in files that go with it.
#include <filesystem>
#include <string>

namespace tests {

class Certificates {
 public:
  // An authority, and a certificate from it for `name` (a host name, or an address).
  explicit Certificates(const std::string& name);
  ~Certificates();
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  std::string authority() const { return (folder_ / "authority.pem").string(); }
  std::string certificate() const { return (folder_ / "certificate.pem").string(); }
  std::string key() const { return (folder_ / "key.pem").string(); }

 private:
  std::filesystem::path folder_;
};

}  // namespace tests
