#include "sandbox/dmarket/refusal.hpp"

#include "sandbox/dmarket/json_writer.hpp"

namespace sandbox {
namespace {

int status_of(GrpcCode code) {
  switch (code) {
    case GrpcCode::invalid_argument:
      return 400;
    case GrpcCode::not_found:
      return 404;
    case GrpcCode::exhausted:
      return 429;
    case GrpcCode::internal:
      break;
  }
  return 500;
}

}  // namespace

ApiRefusal marketplace_refusal(GrpcCode code, std::string_view message) {
  JsonWriter json;
  json.object().text("error", message).number("code", static_cast<int>(code)).text("message", message);
  json.key("details").array().end_array().end_object();
  return ApiRefusal(status_of(code), json.take());
}

ApiRefusal rest_refusal(int status, std::string_view code, std::string_view message) {
  JsonWriter json;
  json.object().text("code", code).text("message", message).end_object();
  return ApiRefusal(status, json.take());
}

}  // namespace sandbox
