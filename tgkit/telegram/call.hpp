#pragma once
// What every generated call is made of: parameters that collect while setters run, then either one co_await
//
//   const Message m = co_await api.send_message(chat, "x").html().silent();
//   co_await std::move(named_call);                       // a named call is moved into the await
//   Task<Message> later = api.send_message(chat, "x");    // a call is a task of its result
//
// or, unsent, its Request for the outbox: `SendMessage(chat, "x").html().request()`.
//
// A generated call:
//
//   class [[nodiscard]] SendMessage : public Call<Message> {
//    public:
//     SendMessage(ChatId chat_id, std::string text);                      // Call("sendMessage"), then draft().key(..)
//     SendMessage& silent(bool on = true) &;                              // setters in both forms
//     SendMessage&& silent(bool on = true) && { return std::move(silent(on)); }  // a named object's overload does it
//   };
//
// and, in one generated source per result type: `#include "tgkit/telegram/call_run.hpp"` and
// `template class tgkit::telegram::Call<Message>;`. The result is read by `read_result<Message>`, which is specialised
// there.
#include "tgkit/async/task.hpp"
#include "tgkit/telegram/call_options.hpp"
#include "tgkit/telegram/request.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace tgkit::telegram {

class Client;

// The JSON of `result` as a value; throws ParseError when it is something else entirely (the await then throws Error).
template <class Result>
Result read_result(std::string_view json);

// The part of a call that does not depend on its result.
struct Outgoing {
  explicit Outgoing(std::string_view method) : draft(method) {}
  Draft draft;
  Client* client = nullptr;  // null: an unsent call; awaiting it throws std::logic_error
  CallOptions options;
};

// Move-only. Destroying one that was never awaited sends nothing.
template <class Result>
class Call : public Task<Result> {
 public:
  using result_type = Result;

  Call(Call&&) noexcept = default;
  Call& operator=(Call&&) = delete;

  // Lets the call be awaited. The client must live until then.
  void bind(Client& client) { outgoing_->client = &client; }
  void bind(Client& client, CallOptions options) {
    bind(client);
    outgoing_->options = std::move(options);
  }
  CallOptions& options() { return outgoing_->options; }

  const std::string& method() const { return outgoing_->draft.method(); }
  // Takes the parameters out: the call can be neither changed nor awaited after it.
  Request request() { return outgoing_->draft.take(); }

 protected:
  explicit Call(std::string_view method) : Call(std::make_shared<Outgoing>(method)) {}
  ~Call() = default;
  Draft& draft() { return outgoing_->draft; }

 private:
  explicit Call(std::shared_ptr<Outgoing> outgoing) : Task<Result>(run(outgoing)), outgoing_(std::move(outgoing)) {}
  static Task<Result> run(std::shared_ptr<Outgoing> outgoing);  // call_run.hpp

  std::shared_ptr<Outgoing> outgoing_;  // shared with the task, which may outlive this object
};

}  // namespace tgkit::telegram
