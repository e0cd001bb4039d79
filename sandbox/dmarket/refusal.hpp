#pragma once
// How the exchange says no: three spellings, by the part of it that answers.
#include <stdexcept>
#include <string>
#include <string_view>

namespace sandbox {

// what() is the body.
class ApiRefusal : public std::runtime_error {
 public:
  ApiRefusal(int status, const std::string& body) : runtime_error(body), status_(status) {}
  int status() const noexcept { return status_; }

 private:
  int status_;
};

// Numbers of gRPC, which the marketplace part answers with.
enum class GrpcCode { invalid_argument = 3, not_found = 5, exhausted = 8, internal = 13 };

ApiRefusal marketplace_refusal(GrpcCode code, std::string_view message);  // {"error","code":3,"message","details":[]}
ApiRefusal rest_refusal(int status, std::string_view code, std::string_view message);  // {"code":"...","message":"..."}

}  // namespace sandbox
