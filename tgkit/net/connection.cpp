#include "tgkit/net/connection.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <boost/asio/error.hpp>
#include <sys/socket.h>

namespace tgkit::net {

namespace {

// Holds a usual request or answer with its head, so that one read is enough.
constexpr std::size_t input_capacity = 16u << 10;
// What is encrypted ahead of the socket: a few TLS records of 16 KiB.
constexpr std::size_t encrypt_ahead = 64u << 10;

}  // namespace

InputBuffer::InputBuffer(std::size_t capacity) : memory_(new char[capacity]), capacity_(capacity) {}

void InputBuffer::consume(std::size_t size) {
  begin_ += size;
  if (begin_ == end_) begin_ = end_ = 0;
}

boost::asio::mutable_buffer InputBuffer::room(std::size_t least) {
  if (capacity_ - end_ < least) {
    const std::size_t held = end_ - begin_;
    if (capacity_ - held >= least && begin_ >= held) {
      std::memcpy(memory_.get(), memory_.get() + begin_, held);
    } else {
      capacity_ = std::max(capacity_ * 2, held + least);
      std::unique_ptr<char[]> larger(new char[capacity_]);
      std::memcpy(larger.get(), memory_.get() + begin_, held);
      memory_ = std::move(larger);
    }
    begin_ = 0;
    end_ = held;
  }
  return {memory_.get() + end_, capacity_ - end_};
}

Connection::Connection(Socket socket, Clock& clock)
    : socket_(std::move(socket)), clock_(clock), input_(input_capacity) {}

Connection::~Connection() = default;

void Connection::configure() {
  ErrorCode ignored;  // each is a courtesy that a socket can live without, but for the last
  socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  socket_.set_option(boost::asio::socket_base::keep_alive(true), ignored);
  socket_.non_blocking(true, ignored);
}

void Connection::limit_until(TimePoint when) {
  due_ = when;
  if (when < armed_) arm(when);
}

void Connection::arm(TimePoint when) {
  armed_ = when;
  timer_ = clock_.call_at(when, [this] { time_came(); });
}

void Connection::time_came() {
  armed_ = TimePoint::max();
  if (due_ == TimePoint::max()) return;
  if (clock_.now() < due_) return arm(due_);
  break_now(Broken::late);
}

void Connection::abort() { break_now(Broken::by_owner); }

void Connection::break_now(Broken why) {
  due_ = TimePoint::max();
  broken_ = why;
  ErrorCode ignored;
  socket_.cancel(ignored);
  const std::function<void()> callback = on_broken_;
  if (callback) callback();
}

boost::asio::mutable_buffer Connection::receive_room() {
  constexpr std::size_t least = 4u << 10;
  if (!tls_) return input_.room(least);
  encrypted_.resize(input_capacity);
  return boost::asio::buffer(encrypted_);
}

ErrorCode Connection::received(ErrorCode error, std::size_t size) {
  if (!tls_) {
    input_.filled(size);
    if (!error && size == 0) return boost::asio::error::eof;
    return error;
  }
  if (error == boost::asio::error::eof) return boost::asio::error::connection_reset;
  if (error) return error;
  tls_->feed({encrypted_.data(), size});
  return decrypt();
}

ErrorCode Connection::decrypt() {
  while (true) {
    const boost::asio::mutable_buffer room = input_.room(4u << 10);
    std::size_t size = 0;
    switch (tls_->read(static_cast<char*>(room.data()), room.size(), size)) {
      case Tls::Status::done:
        input_.filled(size);
        break;
      case Tls::Status::want_input:
        return {};
      case Tls::Status::closed:
        return boost::asio::error::eof;
      case Tls::Status::failed:
        tls_error_ = tls_->error();
        return boost::system::errc::make_error_code(boost::system::errc::protocol_error);
    }
  }
}

void Connection::queue(std::string_view first, std::string_view second) { pieces_ = {first, second}; }

Connection::Flush Connection::flush(ErrorCode& error) {
  error = {};
  while (true) {
    if (tls_ && tls_->outgoing().empty() && !encrypt_some(error)) return Flush::failed;
    const bool more = tls_ ? !tls_->outgoing().empty() : !(pieces_[0].empty() && pieces_[1].empty());
    if (!more) return Flush::done;
    if (!send_some(error)) return error ? Flush::failed : Flush::blocked;
  }
}

bool Connection::encrypt_some(ErrorCode& error) {
  for (std::string_view& piece : pieces_) {
    while (!piece.empty() && tls_->outgoing().size() < encrypt_ahead) {
      const std::string_view part = piece.substr(0, encrypt_ahead);
      if (tls_->write(part) == Tls::Status::failed) {
        tls_error_ = tls_->error();
        error = boost::system::errc::make_error_code(boost::system::errc::protocol_error);
        return false;
      }
      piece.remove_prefix(part.size());
    }
  }
  return true;
}

bool Connection::send_some(ErrorCode& error) {
  std::size_t size = 0;
  if (tls_ || pieces_[1].empty() || pieces_[0].empty()) {
    const std::string_view next = tls_ ? tls_->outgoing() : pieces_[0].empty() ? pieces_[1] : pieces_[0];
    size = socket_.write_some(boost::asio::buffer(next.data(), next.size()), error);
  } else {
    const std::array<boost::asio::const_buffer, 2> both{
        boost::asio::const_buffer(pieces_[0].data(), pieces_[0].size()),
        boost::asio::const_buffer(pieces_[1].data(), pieces_[1].size())};
    size = socket_.write_some(both, error);
  }
  if (error == boost::asio::error::would_block || error == boost::asio::error::try_again) {
    error = {};
    return false;
  }
  if (error) return false;
  handed_over_ += size;
  if (tls_) {
    tls_->sent(size);
    return true;
  }
  for (std::string_view& piece : pieces_) {
    const std::size_t part = std::min(size, piece.size());
    piece.remove_prefix(part);
    size -= part;
  }
  return true;
}

Task<ErrorCode> Connection::write(std::string_view data) {
  queue(data);
  ErrorCode error;
  while (flush(error) == Flush::blocked) {
    if (broken_ != Broken::no) co_return boost::asio::error::operation_aborted;
    const auto [failed] = co_await writable();
    if (failed) co_return failed;
  }
  co_return error;
}

Task<ErrorCode> Connection::handshake() {
  while (true) {
    const Tls::Status status = tls_->handshake();
    const ErrorCode unsent = co_await write({});  // an alert, too, when it failed
    if (status == Tls::Status::failed) {
      tls_error_ = tls_->error();
      co_return boost::system::errc::make_error_code(boost::system::errc::protocol_error);
    }
    if (unsent) co_return unsent;
    if (status == Tls::Status::done) co_return decrypt();  // what came along with the last message
    if (broken_ != Broken::no) co_return boost::asio::error::operation_aborted;
    const auto [error, size] = co_await receive();
    if (error) co_return error;
    tls_->feed({encrypted_.data(), size});
  }
}

bool Connection::stale() {
  if (!input_.empty()) return true;
  while (true) {
    char byte = 0;
    const boost::asio::mutable_buffer room = tls_ ? receive_room() : boost::asio::mutable_buffer(&byte, 1);
    const ssize_t size = ::recv(socket_.native_handle(), room.data(), room.size(), MSG_DONTWAIT);
    if (size < 0) return errno != EAGAIN && errno != EWOULDBLOCK;
    if (size == 0 || !tls_) return true;
    tls_->feed({encrypted_.data(), static_cast<std::size_t>(size)});  // a session ticket, or the goodbye
    if (decrypt() || !input_.empty()) return true;
  }
}

void Connection::farewell() {
  ErrorCode ignored;
  if (tls_) {
    tls_->close();
    pieces_ = {};
    flush(ignored);
  }
  socket_.shutdown(Socket::shutdown_send, ignored);
}

}  // namespace tgkit::net
