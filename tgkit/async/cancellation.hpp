#pragma once
// Cancellation travels as an exception, but it is not an error: whoever catches everything lets it through.
#include <exception>

namespace tgkit {

// Whether this is what a cancelled wait throws (boost::system::system_error with operation_aborted).
bool is_cancellation(const std::exception& error) noexcept;
bool is_cancellation(const std::exception_ptr& error) noexcept;

}  // namespace tgkit
